using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Quarry.Sdk.Tests;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>Runs the programs that lie beside the tests.</summary>
internal static class SampleProgram
{
    // Each program is in a folder of its name and of the configuration.
    private static readonly string s_configuration =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    internal static string Repository { get; } = typeof(SampleProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    /// <summary>Gets the path of a file of a built project.</summary>
    internal static string Built(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, s_configuration, file));

    /// <summary>Runs a program that has to succeed, and returns what it prints.</summary>
    internal static Result Run(string program, params string[] arguments)
    {
        Result result = Execution.Run(program, arguments);
        Assert.True(
            result.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}\n"
            + result.Errors);
        return result;
    }
}
