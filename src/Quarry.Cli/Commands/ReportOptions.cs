using System.CommandLine;
using System.IO;
using System.Linq;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Commands;

/// <summary>The options that the commands which write profiles share.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string> _output =
        Options.Text("--output", "FILE", "Write to FILE; '-' for standard output.");

    private readonly Option<string> _sort =
        Options.Text("--sort", "METRIC", $"Order by {SiteMetric.Names}.");

    private readonly Option<int?> _top = Options.OptionalNumber("--top", 1, "The number of sites to show.");

    private readonly Option<bool> _showRuntime =
        Options.Switch("--show-runtime", "Show each frame of the .NET runtime.");

    private readonly Option<bool> _force = Options.Switch("--force", "Replace an existing file.");

    /// <summary>An argument that names a profile. It may be absent for --help.</summary>
    internal static Argument<string?> Profile(string name) => new(name) { Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The value of an argument that must be there.</summary>
    internal static string Value(ParseResult parsed, Argument<string?> argument) =>
        parsed.GetValue(argument) ?? throw new QuarryException(
            $"{argument.Name} is missing; see 'quarry {parsed.CommandResult.Command.Name} --help'");

    internal void AddTo(Command command)
    {
        command.Add(_output);
        command.Add(_sort);
        command.Add(_top);
        command.Add(_showRuntime);
        command.Add(_force);
    }

    internal FormatOptions Format(ParseResult parsed) => new()
    {
        Sort = parsed.GetValue(_sort) is { } name ? Metric(name) : null,
        Top = parsed.GetValue(_top),
        ShowRuntime = parsed.GetValue(_showRuntime),
    };

    internal bool Force(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>
    /// The file to write: what a terminal can show goes there, anything else into a file beside others.
    /// </summary>
    internal string File(ParseResult parsed, string input, string extension, bool isText) =>
        parsed.GetValue(_output) ??
        (isText ? OutputFile.StandardOutput : Path.GetFileNameWithoutExtension(input) + extension);

    private static SiteMetric Metric(string name) => SiteMetric.All.FirstOrDefault(m => m.Name == name) ??
        throw new QuarryException($"--sort needs one of {SiteMetric.Names}, not '{name}'");
}
