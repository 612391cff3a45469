using Quarry.Sdk.Tests;
using Xunit;

namespace Quarry.Packages.Tests;

/// <summary>Runs programs that have to succeed.</summary>
internal static class DotNet
{
    /// <summary>Runs the .NET command, and returns what it prints.</summary>
    internal static string Run(string folder, params string[] arguments) => RunProgram(
        "dotnet", folder, arguments, ("DOTNET_CLI_UI_LANGUAGE", "en"), ("MSBUILDDISABLENODEREUSE", "1"));

    /// <summary>Runs a program, and returns what it prints.</summary>
    internal static string RunProgram(
        string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        Result result = Execution.RunIn(folder, program, arguments, environment);
        string text = result.Output + result.Errors;
        Assert.True(
            result.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{text}");
        return text;
    }
}
