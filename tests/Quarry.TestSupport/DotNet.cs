using System.Collections.Generic;
using System.IO;

namespace Quarry.TestSupport;

/// <summary>The .NET that runs the tests, and its command, apart from the build around them.</summary>
public static class DotNet
{
    /// <summary>The folder of the runtime on which the tests run.</summary>
    public static string Runtime { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Runtime, "../../.."));

    /// <summary>The command <c>dotnet</c>.</summary>
    public static string Host { get; } = Path.Combine(Root, "dotnet");

    /// <summary>A run of <c>dotnet</c> that leaves no build nodes behind.</summary>
    public static Run Command(params IEnumerable<string> arguments) =>
        new Run(Host, arguments) { Seconds = 600 }.With("MSBUILDDISABLENODEREUSE", "1").With("CI", "")
            .With("DOTNET_CLI_UI_LANGUAGE", "en");

    /// <summary>
    /// A run of <c>dotnet build</c>, or another verb, for a project. The analyzers do not run, as they have
    /// seen the sources in the build of the solution. The compiler is the server of that build: one that
    /// starts anew takes several seconds.
    /// </summary>
    public static Run Build(string verb, string project, params IEnumerable<string> options) =>
        Command([verb, project, "-nologo", "-tl:off", "-p:RunAnalyzers=false", .. options]);
}
