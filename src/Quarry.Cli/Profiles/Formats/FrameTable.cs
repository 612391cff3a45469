using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Numbers frames, so that stacks in JSON are arrays of indices, innermost first.</summary>
internal sealed class FrameTable
{
    private readonly Dictionary<Frame, int> _indices = [];

    internal void WriteStack(Utf8JsonWriter json, IReadOnlyList<Frame> frames)
    {
        json.WriteStartArray("stack");
        foreach (Frame frame in frames)
        {
            if (!_indices.TryGetValue(frame, out int index))
            {
                index = _indices.Count;
                _indices.Add(frame, index);
            }

            json.WriteNumberValue(index);
        }

        json.WriteEndArray();
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("frames");
        foreach (Frame frame in _indices.Keys)
        {
            json.WriteStartObject();
            json.WriteString("function", frame.Function);
            json.WriteString("module", frame.Module);
            json.WriteString("file", frame.File);
            json.WriteNumber("line", frame.Line);
            json.WriteString("kind", KindName(frame.Kind));
            json.WriteBoolean("inlined", frame.IsInlined);
            json.WriteString("address", string.Create(CultureInfo.InvariantCulture, $"0x{frame.Address:x}"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string KindName(FrameKind kind) => kind switch
    {
        FrameKind.Managed => "managed",
        FrameKind.Runtime => "runtime",
        FrameKind.Kernel => "kernel",
        _ => "native",
    };
}
