using System.Collections.Generic;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>The frames and functions of a page, each of them once.</summary>
/// <param name="withoutFolders">Whether modules are the same if their names without folders are.</param>
internal sealed class FrameTable(bool withoutFolders)
{
    private readonly StringTable _strings = new();
    private readonly List<(int Name, int Module, FrameKind Kind)> _functions = [];
    private readonly Dictionary<(int Name, int Module), int> _functionIndices = [];
    private readonly List<(int Function, int File, int Line, bool IsInlined)> _frames = [];
    private readonly Dictionary<(int Function, int File, int Line, bool IsInlined), int> _frameIndices = [];

    // A resolver returns the same object for the same address.
    private readonly Dictionary<Frame, int> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets the index of a frame, which is added if it is new.</summary>
    internal int IndexOf(Frame frame)
    {
        if (!_known.TryGetValue(frame, out int index))
        {
            index = Add(frame);
            _known.Add(frame, index);
        }

        return index;
    }

    /// <summary>Gets the index of a string, which is added if it is new.</summary>
    internal int IndexOf(string text) => _strings.IndexOf(text);

    /// <summary>Writes the properties <c>strings</c>, <c>functions</c> and <c>frames</c>.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        _strings.Write(writer, "strings");
        writer.WriteStartObject("functions");
        writer.WriteColumn("name", _functions, f => f.Name);
        writer.WriteColumn("module", _functions, f => f.Module);
        writer.WriteColumn("kind", _functions, f => (int)f.Kind);
        writer.WriteEndObject();
        writer.WriteStartObject("frames");
        writer.WriteColumn("function", _frames, f => f.Function);
        writer.WriteColumn("file", _frames, f => f.File);
        writer.WriteColumn("line", _frames, f => f.Line);
        writer.WriteColumn("inlined", _frames, f => f.IsInlined ? 1 : 0);
        writer.WriteEndObject();
    }

    private int Add(Frame frame)
    {
        (int, int) function = (
            _strings.IndexOf(frame.Function),
            _strings.IndexOf(withoutFolders ? frame.ModuleName : frame.Module));
        if (!_functionIndices.TryGetValue(function, out int functionIndex))
        {
            functionIndex = _functions.Count;
            _functionIndices.Add(function, functionIndex);
            _functions.Add((function.Item1, function.Item2, frame.Kind));
        }

        (int, int, int, bool) place = (
            functionIndex, _strings.IndexOf(frame.File), frame.Line, frame.IsInlined);
        if (!_frameIndices.TryGetValue(place, out int index))
        {
            index = _frames.Count;
            _frameIndices.Add(place, index);
            _frames.Add(place);
        }

        return index;
    }
}
