using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Quarry.Cli.Profiles.Model;

/// <summary>
/// Frames in JSON: <c>[[function, module, file, line, kind], ...]</c>, innermost first, where the first three
/// are indices of strings.
/// </summary>
internal static class FrameArrays
{
    private const int Numbers = 5;

    internal static void Write(Utf8JsonWriter writer, IReadOnlyList<Frame> frames, StringTable strings)
    {
        writer.WriteStartArray();
        foreach (Frame frame in frames)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(strings.IndexOf(frame.Function));
            writer.WriteNumberValue(strings.IndexOf(frame.Module));
            writer.WriteNumberValue(strings.IndexOf(frame.File));
            writer.WriteNumberValue(frame.Line);
            writer.WriteNumberValue((int)frame.Kind);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads the frames at one address: all but the last are inlined.</summary>
    internal static Frame[] Read(JsonElement array, string[] strings, ulong address)
    {
        int count = array.GetArrayLength();
        return [.. array.EnumerateArray().Select((frame, index) =>
            Read(frame, strings, address, isInlined: index < count - 1))];
    }

    internal static Frame Read(JsonElement frame, string[] strings, ulong address, bool isInlined)
    {
        int[] numbers = [.. frame.EnumerateArray().Select(number => number.GetInt32())];
        FrameKind kind = numbers.Length == Numbers && Enum.IsDefined((FrameKind)numbers[4])
            ? (FrameKind)numbers[4]
            : throw new FormatException("A frame has another form.");
        return new Frame(
            strings[numbers[0]], strings[numbers[1]], strings[numbers[2]], numbers[3],
            kind, isInlined, address);
    }
}
