using System;
using System.IO;

namespace Quarry.Bench;

/// <summary>The part of a document that this program writes; what people write around it stays.</summary>
internal static class MarkedSection
{
    private const string Begin = "<!-- results:begin -->";
    private const string End = "<!-- results:end -->";

    /// <summary>Replaces what is between the markers, or begins a document with them.</summary>
    internal static void Replace(string file, string content)
    {
        string document = File.Exists(file) ? File.ReadAllText(file) : $"# Performance\n\n{Begin}\n{End}\n";
        int begin = document.IndexOf(Begin, StringComparison.Ordinal);
        int end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{file} has no place for results: lines {Begin} and {End}");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        string before = document[..(begin + Begin.Length)];
        File.WriteAllText(file, $"{before}\n\n{content}\n{document[end..]}");
    }
}
