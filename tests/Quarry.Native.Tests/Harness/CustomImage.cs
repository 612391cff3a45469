using System;
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
        Outcome outcome = Dotnet("msbuild", ["-t:CheckQuarryOptions"], options);
        Assert.True(outcome.ExitCode != 0, outcome.ToString());
        return outcome.Output;
    }

    private static string Build(string name, string[] options)
    {
        string output = System.IO.Path.Combine(Repository.Artifacts, name) + "/";
        string[] own = [$"QuarryImage={name}", $"NativeOutput={output}", "RunAnalyzers=false"];
        _ = Dotnet("build", ["-m:1"], [.. own, .. options]).ExpectSuccess();
        return System.IO.Path.Combine(output, name + ".so");
    }

    /// <summary>A run of a verb of `dotnet` for the project, with properties.</summary>
    internal static Outcome Dotnet(string verb, string[] arguments, params string[] properties) =>
        DotNet.Build(verb, s_project, ["-v:q", .. arguments, .. properties.Select(name => "-p:" + name)])
            .Start();
}
