using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>Programs that a machine may have or not.</summary>
public static class Tool
{
    /// <summary>The path of the first of several programs that is in PATH, or null.</summary>
    public static string? Find(params string[] names) => (
        from name in names
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        where folder.Length > 0
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>The same, but skips the test, naming the first program, where there is none.</summary>
    public static string Require(params string[] names)
    {
        string? path = Find(names);
        Assert.SkipWhen(path is null, $"{names[0]} is not installed");
        return path!;
    }
}
