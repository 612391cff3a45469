namespace Quarry.Sdk.Tests;

/// <summary>The libraries of the samples.</summary>
internal static class Sample
{
    internal static string Library(string sample) => Repository.Built(sample, $"lib{sample}.so");

    /// <summary>Runs a program with the library of a sample preloaded.</summary>
    internal static Outcome Run(
        string sample,
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment) =>
        new Run(program, arguments) { Preload = Library(sample) }.With(environment).Start();
}
