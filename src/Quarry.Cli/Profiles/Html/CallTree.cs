using System.Collections.Generic;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>
/// The stacks of a heap as a tree from the outermost frames on, in which stacks share their common part.
/// </summary>
/// <param name="frames">The table of the frames.</param>
internal sealed class CallTree(FrameTable frames)
{
    /// <summary>The node of an empty stack, and the parent of outermost frames.</summary>
    internal const int None = -1;

    private readonly List<(int Parent, int Frame)> _nodes = [];
    private readonly Dictionary<(int Parent, int Frame), int> _indices = [];

    /// <summary>Gets the node of a stack, which is added if it is new; equal stacks have one node.</summary>
    /// <param name="stack">The frames, innermost first.</param>
    /// <returns>
    /// The node of the innermost frame; the number of a parent is less than those of its children.
    /// </returns>
    internal int Add(IReadOnlyList<Frame> stack)
    {
        int node = None;
        for (int i = stack.Count - 1; i >= 0; i--)
        {
            (int, int) key = (node, frames.IndexOf(stack[i]));
            if (!_indices.TryGetValue(key, out node))
            {
                node = _nodes.Count;
                _indices.Add(key, node);
                _nodes.Add(key);
            }
        }

        return node;
    }

    /// <summary>Writes the property <c>tree</c>.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("tree");
        writer.WriteColumn("parent", _nodes, node => node.Parent);
        writer.WriteColumn("frame", _nodes, node => node.Frame);
        writer.WriteEndObject();
    }
}
