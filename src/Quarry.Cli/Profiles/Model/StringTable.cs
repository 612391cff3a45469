using System.Collections.Generic;
using System.Text.Json;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Numbers strings in the order of their first use.</summary>
internal sealed class StringTable
{
    private readonly Dictionary<string, int> _indices = [];
    private readonly List<string> _strings = [];

    /// <summary>Initializes a table.</summary>
    /// <param name="first">The string with the index 0.</param>
    internal StringTable(string first = "") => IndexOf(first);

    internal IReadOnlyList<string> Strings => _strings;

    internal int IndexOf(string text)
    {
        if (!_indices.TryGetValue(text, out int index))
        {
            index = _strings.Count;
            _indices.Add(text, index);
            _strings.Add(text);
        }

        return index;
    }

    internal void Write(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        foreach (string text in _strings)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
