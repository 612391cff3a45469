using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Runs the readers of other projects; a test is skipped by name where one is absent.</summary>
internal static class ExternalTool
{
    /// <summary>Runs a tool that must succeed, and returns what it prints.</summary>
    internal static string Run(string folder, string tool, params string[] arguments) =>
        Describe(folder, tool, arguments).Start().ExpectSuccess().Output;

    /// <summary>The same for a tool that leaves a server behind.</summary>
    internal static string RunClient(string folder, string tool, params string[] arguments)
    {
        using BackgroundRun client = Describe(folder, tool, arguments).Begin();
        return client.End().ExpectSuccess().Output;
    }

    /// <summary>The first file that exists; the test is skipped if none does.</summary>
    internal static string AnyFile(string what, IEnumerable<string> candidates)
    {
        string? found = candidates.FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{what} is not on this machine");
        return found!;
    }

    // Caches and the like stay in the test's folder.
    private static Run Describe(string folder, string tool, string[] arguments) =>
        new Run(TestSupport.Tool.Require(tool), arguments) { Folder = folder }
            .With("HOME", folder).With("PPROF_TMPDIR", folder);
}
