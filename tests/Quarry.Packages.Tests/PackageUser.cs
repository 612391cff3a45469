namespace Quarry.Packages.Tests;

/// <summary>Runs what a user of the packages runs, which has to succeed.</summary>
internal static class PackageUser
{
    /// <summary>Runs the .NET command in a folder, and returns what it prints.</summary>
    internal static string DotNet(string folder, params string[] arguments) => Run(
        "dotnet", folder, arguments, ("DOTNET_CLI_UI_LANGUAGE", "en"), ("MSBUILDDISABLENODEREUSE", "1"));

    /// <summary>Runs a program in a folder, and returns what it prints.</summary>
    internal static string Run(
        string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        Outcome outcome = new Run(program, arguments) { Folder = folder, Seconds = 600 }
            .With(environment).Start().ExpectSuccess();
        return outcome.Output + outcome.Errors;
    }
}
