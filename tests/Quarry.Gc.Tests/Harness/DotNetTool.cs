using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Quarry.Gc.Tests.Harness;

/// <summary>The diagnostic tools of .NET, which are installed from NuGet when a test needs one.</summary>
internal static class DotNetTool
{
    private static readonly ConcurrentDictionary<string, Outcome> s_installations = [];

    /// <summary>Creates a run of a tool; skips the test if NuGet does not serve it.</summary>
    internal static Run Run(string name, params string[] arguments)
    {
        string folder = Path.Combine(Repository.TestOutput, "tools", name);
        string program = Path.Combine(folder, name);
        Outcome installation = s_installations.GetOrAdd(name, _ => Install(name, folder, program));
        Assert.SkipWhen(installation.ExitCode != 0, $"{name} was not installed: {installation.Errors}");
        return new Run(program, arguments);
    }

    private static Outcome Install(string name, string folder, string program)
    {
        if (File.Exists(program))
        {
            return new Outcome(name, ExitCode: 0, Output: "", Errors: "");
        }

        string version = typeof(DotNetTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == name).Value!;
        return DotNet.Command("tool", "install", name, "--version", version, "--tool-path", folder).Start();
    }
}
