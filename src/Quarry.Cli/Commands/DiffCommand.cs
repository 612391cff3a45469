using System.CommandLine;
using System.IO;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Commands;

/// <summary>Shows what grew between two profiles.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string?> s_before = ProfileArgument.Create("BEFORE");

    private static readonly Argument<string?> s_after = ProfileArgument.Create("AFTER");

    private static readonly ReportOptions<ProfileDiff> s_options = new(ProfileFormats.OfComparisons);

    internal static Command Create()
    {
        Command command = new("diff", "Shows what grew between two profiles.") { s_before, s_after };
        s_options.AddTo(command);
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string before = ProfileArgument.Value(parsed, s_before);
        string after = ProfileArgument.Value(parsed, s_after);
        s_options.Write(
            parsed,
            Path.GetFileNameWithoutExtension(after) + ".diff",
            () => new ProfileDiff(Profile.Load(before), Profile.Load(after)));
        return 0;
    }
}
