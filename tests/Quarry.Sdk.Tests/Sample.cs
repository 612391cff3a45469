using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Quarry.Sdk.Tests;

/// <summary>The libraries of the samples.</summary>
internal static class Sample
{
    internal static string Repository { get; } = typeof(Sample).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    // The outputs of all projects are siblings, in folders named after the project and the configuration.
    internal static string Output(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", project,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))));

    internal static string Library(string sample) => Path.Combine(Output(sample), $"lib{sample}.so");

    /// <summary>Runs a program with the library of a sample preloaded.</summary>
    internal static Result Run(
        string sample,
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment) =>
        Execution.Run(program, arguments, [.. environment, ("LD_PRELOAD", Library(sample))]);
}
