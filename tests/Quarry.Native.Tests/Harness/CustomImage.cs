using System;
using System.Linq;
using System.Xml.Linq;
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

    /// <summary>
    /// The errors of builds with invalid options, for each list of options, without compiling anything. One
    /// process checks all lists, as each takes seconds to start.
    /// </summary>
    public static string[][] Errors(string[][] builds)
    {
        const string Mark = "options:";
        XElement target = new("Target", new XAttribute("Name", "Build"), builds.SelectMany(options => new[]
        {
            new XElement("Message", new XAttribute("Importance", "high"), new XAttribute("Text", Mark)),
            new XElement("MSBuild", new XAttribute("Projects", s_project),
                new XAttribute("Targets", "CheckQuarryOptions"), new XAttribute("ContinueOnError", "true"),
                new XAttribute("Properties", string.Join(';', options))),
        }));
        string file = System.IO.Path.Combine(Repository.FreshFolder("options"), "all.proj");
        new XElement("Project", target).Save(file);
        Outcome outcome = DotNet.Build("msbuild", file, "-v:m").Start();
        string[][] errors =
        [
            .. outcome.Output.Split(Mark).Skip(1).Select(part => part.Split('\n')
                .Where(line => line.Contains(": error ", StringComparison.Ordinal)).ToArray()),
        ];
        Assert.True(errors.Length == builds.Length, outcome.ToString());
        return errors;
    }

    private static string Build(string name, string[] options)
    {
        string output = System.IO.Path.Combine(Repository.Artifacts, name) + "/";
        string[] own = [$"QuarryImage={name}", $"NativeOutput={output}"];
        _ = Dotnet("build", ["-m:1"], [.. own, .. options]).ExpectSuccess();
        return System.IO.Path.Combine(output, name + ".so");
    }

    /// <summary>A run of a verb of `dotnet` for the project, with properties.</summary>
    internal static Outcome Dotnet(string verb, string[] arguments, params string[] properties) =>
        DotNet.Build(verb, s_project, ["-v:q", .. arguments, .. properties.Select(name => "-p:" + name)])
            .Start();
}
