using System.IO;
using System.Linq;

namespace Quarry.Tools.Benchmarking;

/// <summary>What a failed program wrote to standard error.</summary>
internal static class ErrorOutput
{
    private const int Longest = 160;

    /// <summary>Its last line, as the continuation of a sentence.</summary>
    internal static string LastLine(string file)
    {
        string line = File.ReadLines(file).LastOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "";
        return line.Length == 0 ? "" : ": " + (line.Length > Longest ? line[..Longest] + "..." : line);
    }
}
