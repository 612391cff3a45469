using System.CommandLine;
using System.IO;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Commands;

/// <summary>Shows a profile, or converts it for other tools.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string?> s_file = ProfileArgument.Create("FILE");

    private static readonly ReportOptions<Profile> s_options = new(ProfileFormats.All);

    internal static Command Create()
    {
        Command command = new("report", "Shows a profile, or converts it for other tools.") { s_file };
        s_options.AddTo(command);
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        string input = ProfileArgument.Value(parsed, s_file);
        s_options.Write(parsed, Path.GetFileNameWithoutExtension(input), () => Profile.Load(input));
        return 0;
    }
}
