using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Quarry.Cli.Output;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;
using Quarry.Tools;
using Quarry.Tools.CommandLine;
using Quarry.Tools.Output;

namespace Quarry.Cli.Commands;

/// <summary>The options of a command that writes a profile or a comparison.</summary>
/// <typeparam name="T">The type of what is written.</typeparam>
internal sealed class ReportOptions<T>(FormatList<T> formats)
{
    private readonly Option<string> _format =
        Options.Text("--format", "FORMAT", $"{formats.Names} ({formats.Default.Name}).");

    private readonly Option<string> _output =
        Options.Text("--output", "FILE", "Write to FILE; '-' for standard output.");

    private readonly Option<string> _sort =
        Options.Text("--sort", "METRIC", $"Order by {SiteMetric.Names}.");

    private readonly Option<int?> _top = Options.OptionalNumber("--top", 1, "The number of sites to show.");

    private readonly Option<bool> _showRuntime =
        Options.Switch("--show-runtime", "Show each frame of the .NET runtime.");

    private readonly Option<bool> _force = Options.Switch("--force", "Replace an existing file.");

    internal void AddTo(Command command)
    {
        command.Add(_format);
        command.Add(_output);
        command.Add(_sort);
        command.Add(_top);
        command.Add(_showRuntime);
        command.Add(_force);
    }

    /// <summary>Writes as the options request.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">
    /// The name of the file if none is given, without the extension. What a terminal can show goes to
    /// standard output.
    /// </param>
    /// <param name="load">Loads what is written, once the output is known to be allowed.</param>
    internal void Write(ParseResult parsed, string name, Func<T> load)
    {
        IFormat<T> format = parsed.GetValue(_format) is { } chosen ? formats.Named(chosen) : formats.Default;
        FormatOptions options = new()
        {
            Sort = parsed.GetValue(_sort) is { } metric ? Metric(metric) : null,
            Top = parsed.GetValue(_top),
            ShowRuntime = parsed.GetValue(_showRuntime),
        };
        string output = parsed.GetValue(_output)
            ?? (format.IsText ? OutputFile.StandardOutput : name + format.Extension);
        bool force = parsed.GetValue(_force);
        OutputFile.Check(output, force);
        T content = load();
        OutputFile.Write(output, force, stream => format.Write(content, stream, options));
        if (output != OutputFile.StandardOutput)
        {
            string size = ByteSize.Format(new FileInfo(output).Length);
            Terminal.Error.Writer.WriteLine($"Wrote {output} ({size}).");
        }
    }

    private static SiteMetric Metric(string name) => SiteMetric.All.FirstOrDefault(m => m.Name == name) ??
        throw new QuarryException($"--sort needs one of {SiteMetric.Names}, not '{name}'");
}
