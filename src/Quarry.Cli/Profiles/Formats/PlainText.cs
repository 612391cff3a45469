using System.IO;
using System.Linq;
using System.Text;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Helps to write text formats.</summary>
internal static class PlainText
{
    /// <summary>A writer of UTF-8 with Unix line ends, which leaves the stream open.</summary>
    internal static StreamWriter Writer(Stream output) => new(
        output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
    {
        NewLine = "\n",
    };

    /// <summary>A name or path without characters that would end a line.</summary>
    internal static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
