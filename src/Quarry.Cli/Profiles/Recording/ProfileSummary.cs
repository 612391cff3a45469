using System.IO;
using Quarry.Cli.Output;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Prints the profiles of a run for people, to standard error: the output is the program's.</summary>
internal static class ProfileSummary
{
    internal static void Write(ProfileReport report)
    {
        TextWriter output = Terminal.Error.Writer;
        if (report.MissingReason is { } reason)
        {
            output.WriteLine($"quarry: no profile: {reason}");
            return;
        }

        foreach (ProfiledProcess process in report.Processes)
        {
            output.WriteLine();
            WriteOne(process, output);
        }
    }

    private static void WriteOne(ProfiledProcess process, TextWriter output)
    {
        string file = Relative(process.File);
        output.WriteLine($"{file} ({ByteSize.Format(process.FileBytes)}): {Losses(process)}");
        output.WriteLine($"  quarry report {file}     shows it as a page with flame graphs");
    }

    private static string Losses(ProfiledProcess process) => $"{process.Sites} sites";

    private static string Relative(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", System.StringComparison.Ordinal) ? path : relative;
    }
}
