using System;
using System.IO;

namespace Quarry.Tools.Output;

/// <summary>The part of a document that this program writes; what people write around it stays.</summary>
internal static class MarkedSection
{
    /// <summary>Replaces what is between the markers of a name, or begins a document with them.</summary>
    /// <exception cref="InvalidDataException">The document has no such markers.</exception>
    internal static void Replace(string file, string name, string content)
    {
        string first = $"<!-- {name}:begin -->", last = $"<!-- {name}:end -->";
        string document = File.Exists(file) ? File.ReadAllText(file) : $"# Performance\n\n{first}\n{last}\n";
        int begin = document.IndexOf(first, StringComparison.Ordinal);
        int end = document.IndexOf(last, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{file} has no place for results: lines {first} and {last}");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        string before = document[..(begin + first.Length)];
        File.WriteAllText(file, $"{before}\n\n{content}\n{document[end..]}");
    }
}
