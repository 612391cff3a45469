using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Quarry.Sdk.Tests;

/// <summary>A sample, as programs see it: a library to start on.</summary>
internal static class Sample
{
    internal static string Repository { get; } = typeof(Sample).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    // The outputs of all projects lie beside each other, each in a folder of its name and of the
    // configuration.
    internal static string Output(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", project,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))));

    internal static string Library(string sample) => Path.Combine(Output(sample), $"lib{sample}.so");

    /// <summary>Runs a program on a sample.</summary>
    internal static Result Run(
        string sample,
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment) =>
        Execution.Run(program, arguments, [.. environment, ("LD_PRELOAD", Library(sample))]);
}
