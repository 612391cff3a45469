using System.CommandLine;
using System.IO;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Commands;

/// <summary>Shows a profile, or converts it for other tools.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string?> s_file = ReportOptions.Profile("FILE");

    private static readonly Option<string> s_format =
        Options.Text("--format", "FORMAT", $"{ProfileFormats.Names} ({ProfileFormats.Default.Name}).");

    private static readonly ReportOptions s_options = new();

    internal static Command Create()
    {
        Command command = new("report", "Shows a profile, or converts it for other tools.")
        {
            s_file,
            s_format,
        };
        s_options.AddTo(command);
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string input = ReportOptions.Value(parsed, s_file);
        IProfileFormat format =
            parsed.GetValue(s_format) is { } name ? ProfileFormats.Named(name) : ProfileFormats.Default;
        FormatOptions options = s_options.Format(parsed);
        string output = s_options.File(parsed, input, format.Extension, format.IsText);
        bool force = s_options.Force(parsed);
        OutputFile.Check(output, force);
        Profile profile = Profile.Load(input);
        OutputFile.Write(output, force, stream => format.Write(profile, stream, options));
        Announce(output);
        return 0;
    }

    /// <summary>Prints the name of a file that was written, to standard error.</summary>
    internal static void Announce(string output)
    {
        if (output != OutputFile.StandardOutput)
        {
            string size = ByteSize.Format(new FileInfo(output).Length);
            Terminal.Error.Writer.WriteLine($"Wrote {output} ({size}).");
        }
    }
}
