using System.CommandLine;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Commands;

/// <summary>Shows what grew between two profiles.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string?> s_before = ReportOptions.Profile("BEFORE");

    private static readonly Argument<string?> s_after = ReportOptions.Profile("AFTER");

    private static readonly Option<string> s_format =
        Options.Text("--format", "FORMAT", $"{DiffFormats.Names} ({DiffFormats.Default.Name}).");

    private static readonly ReportOptions s_options = new();

    internal static Command Create()
    {
        Command command = new("diff", "Shows what grew between two profiles.")
        {
            s_before,
            s_after,
            s_format,
        };
        s_options.AddTo(command);
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string before = ReportOptions.Value(parsed, s_before), input = ReportOptions.Value(parsed, s_after);
        IDiffFormat format =
            parsed.GetValue(s_format) is { } name ? DiffFormats.Named(name) : DiffFormats.Default;
        FormatOptions options = s_options.Format(parsed);
        string output = s_options.File(parsed, input, ".diff" + format.Extension, format.IsText);
        bool force = s_options.Force(parsed);
        OutputFile.Check(output, force);
        ProfileDiff diff = new(Profile.Load(before), Profile.Load(input));
        OutputFile.Write(output, force, stream => format.Write(diff, stream, options));
        ReportCommand.Announce(output);
        return 0;
    }
}
