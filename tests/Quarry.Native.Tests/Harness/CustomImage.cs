using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>An image that is built with options, once for all of its tests.</summary>
internal sealed class CustomImage(string name, params string[] options)
{
    private static readonly string s_project =
        System.IO.Path.Combine(Repository.Root, "src", "Quarry.Malloc", "Quarry.Malloc.csproj");

    private readonly Lazy<string> _path = new(() => Build(name, options));

    /// <summary>The path of the shared library.</summary>
    public string Path => _path.Value;

    /// <summary>The error of a build with invalid options, without compiling anything.</summary>
    public static string Error(params string[] options)
    {
        Outcome outcome = Dotnet(["msbuild", s_project, "-t:CheckQuarryOptions", .. Properties(options)]);
        Assert.True(outcome.ExitCode != 0, outcome.ToString());
        return outcome.Output;
    }

    private static string Build(string name, string[] options)
    {
        string output = System.IO.Path.Combine(Repository.Artifacts, name) + "/";
        string[] own = [$"QuarryImage={name}", $"NativeOutput={output}", "RunAnalyzers=false"];
        _ = Dotnet(["build", s_project, "-m:1", .. Properties([.. own, .. options])]).ExpectSuccess();
        return System.IO.Path.Combine(output, name + ".so");
    }

    /// <summary>The arguments of `dotnet build` for properties.</summary>
    internal static IEnumerable<string> Properties(string[] options) =>
        ["-nologo", "-v:q", "-tl:off", "-p:UseSharedCompilation=false", .. options.Select(o => "-p:" + o)];

    /// <summary>Runs a build, apart from the one that runs the tests.</summary>
    internal static Outcome Dotnet(IEnumerable<string> arguments) =>
        new Run(Tool.Require("dotnet"), arguments) { Seconds = 600 }
            .With("MSBUILDDISABLENODEREUSE", "1").With("CI", "").Start();
}
