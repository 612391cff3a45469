using System;
using System.IO;
using System.Text;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Prints the profiles of a run, to standard error: the output is the program's.</summary>
internal static class ProfileSummary
{
    private const int ShownSites = 3;

    internal static void Write(ProfileReport report)
    {
        TextWriter output = Terminal.Error.Writer;
        if (report.MissingReason is { } reason)
        {
            output.WriteLine($"quarry: no profile: {reason}");
            return;
        }

        if (report.Processes.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.Write(Text(report.Processes[0].File));
        output.WriteLine();
        foreach (ProfiledProcess process in report.Processes)
        {
            string size = ByteSize.Format(process.FileBytes);
            output.WriteLine($"{Relative(process.File)} ({size}): {Path.GetFileName(process.Program)}");
        }

        string file = Relative(report.Processes[0].File);
        output.WriteLine($"""
            Next:
              quarry report {file} --format html     a page with flame graphs
              quarry report {file} --sort live       the sites that hold most memory
            """);
    }

    /// <summary>Writes each profile in another format, beside its file.</summary>
    internal static void Convert(ProfileReport report, IFormat<Profile> format)
    {
        foreach (ProfiledProcess process in report.Processes)
        {
            string path = ProfileFiles.Unused(Path.ChangeExtension(process.File, null), format.Extension);
            using FileStream file = new(path, FileMode.CreateNew);
            format.Write(Profile.Load(process.File), file, new FormatOptions());
            Terminal.Error.Writer.WriteLine($"Wrote {Relative(path)} ({ByteSize.Format(file.Length)}).");
        }
    }

    private static string Text(string file)
    {
        using MemoryStream text = new();
        new TextFormat().Write(Profile.Load(file), text, new FormatOptions { Top = ShownSites });
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Relative(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
