using System;

namespace ArenaParser;

/// <summary>How large a tree is.</summary>
internal unsafe struct TreeSummary
{
    private fixed int _counts[(int)JsonKind.Object + 1];

    public int Nodes { get; private set; }

    public int Depth { get; private set; }

    public static TreeSummary Of(JsonNode* root)
    {
        TreeSummary summary = default;
        summary.Add(root, 1);
        return summary;
    }

    public int this[JsonKind kind] => _counts[(int)kind];

    private void Add(JsonNode* node, int depth)
    {
        Nodes++;
        _counts[(int)node->Kind]++;
        Depth = Math.Max(Depth, depth);
        for (JsonNode* child = node->FirstChild; child != null; child = child->NextSibling)
        {
            Add(child, depth + 1);
        }
    }
}
