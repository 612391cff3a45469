using System.Linq;
using Quarry.Tools.Running;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>Programs that a machine may have or not.</summary>
public static class Tool
{
    /// <summary>The path of the first of several programs that is in PATH, or null.</summary>
    public static string? Find(params string[] names) =>
        names.Select(ProgramFinder.TryFind).FirstOrDefault(path => path is not null);

    /// <summary>The same, but skips the test, naming the first program, where there is none.</summary>
    public static string Require(params string[] names)
    {
        string? path = Find(names);
        Assert.SkipWhen(path is null, $"{names[0]} is not installed");
        return path!;
    }
}
