using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>Programs that a machine may have or not.</summary>
internal static class Tool
{
    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>The path of a program; the test is skipped, naming it, where there is none.</summary>
    public static string Require(string name)
    {
        string? path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed");
        return path!;
    }
}
