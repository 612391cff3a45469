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

    /// <summary>The path of strace; skips the test where there is none, or it may not trace.</summary>
    public static string RequireStrace()
    {
        string strace = Require("strace");
        Outcome permitted = new Run(strace, "-qq", "-o", "/dev/null", "true").Start();
        Assert.SkipUnless(permitted.ExitCode == 0, $"strace may not trace here: {permitted.Errors.Trim()}");
        return strace;
    }
}
