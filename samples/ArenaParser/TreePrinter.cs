using System.Globalization;
using System.IO;
using System.Text;

namespace ArenaParser;

/// <summary>Prints a tree as an outline, the first lines of it.</summary>
internal unsafe struct TreePrinter(TextWriter output, int lines)
{
    private int _lines = lines;

    public void Print(JsonNode* node, int depth = 0)
    {
        if (_lines-- <= 0)
        {
            output.Write(_lines == -1 ? "  ...\n" : "");
            return;
        }

        string name = Encoding.UTF8.GetString(node->Name.Bytes);
        output.WriteLine($"{new string(' ', 2 * (depth + 1))}{name}{(name.Length > 0 ? ": " : "")}{Describe(node)}");
        for (JsonNode* child = node->FirstChild; child != null; child = child->NextSibling)
        {
            Print(child, depth + 1);
        }
    }

    private static string Describe(JsonNode* node) => node->Kind switch
    {
        JsonKind.Number => node->Number.ToString(CultureInfo.InvariantCulture),
        JsonKind.String => $"\"{Encoding.UTF8.GetString(node->Text.Bytes)}\"",
        _ => node->Kind.ToString().ToLowerInvariant(),
    };
}
