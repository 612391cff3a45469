using System;
using System.IO;
using System.Linq;

namespace Quarry.Samples.Tests;

/// <summary>What a sample is started with, and lines that it prints, in this order among others.</summary>
/// <remarks>
/// The file <c>transcript.txt</c> of a sample: first <c>$ Name arguments</c>, then the lines. A sample
/// without one is started without arguments.
/// </remarks>
internal sealed record Transcript(string[] Arguments, string[] Lines)
{
    internal static Transcript Of(string folder)
    {
        string file = Path.Combine(folder, "transcript.txt");
        return File.Exists(file) ? Parse(File.ReadAllLines(file)) : new Transcript([], []);
    }

    internal static Transcript Parse(string[] lines)
    {
        string[] words = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is ["$", _, .. string[] arguments]
            ? new Transcript(arguments, lines[1..])
            : throw new FormatException($"A transcript begins as '$ Sample' does, not as '{lines[0]}'.");
    }

    /// <summary>The first line that is not there, at least not behind the others; null if all are.</summary>
    internal string? FirstMissing(string[] output)
    {
        int next = 0;
        foreach (string line in output)
        {
            next += next < Lines.Length && line == Lines[next] ? 1 : 0;
        }

        return Lines.ElementAtOrDefault(next);
    }
}
