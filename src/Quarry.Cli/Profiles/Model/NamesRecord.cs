using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The names of code addresses in a profile file, as JSON.</summary>
/// <remarks>
/// <c>{"version":1,"strings":["",...],"addresses":{"7f3a10":[[function,module,file,line,kind],...]}}</c>:
/// the key is the return address minus 1 in hexadecimal; the frames are innermost first, all but the last one
/// inlined; function, module and file are indices of strings.
/// </remarks>
internal sealed class NamesRecord : IFrameResolver
{
    private readonly Dictionary<ulong, Frame[]> _frames;
    private readonly IFrameResolver? _otherwise;

    private NamesRecord(Dictionary<ulong, Frame[]> frames, IFrameResolver? otherwise) =>
        (_frames, _otherwise) = (frames, otherwise);

    public IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time) =>
        _frames.TryGetValue(address, out Frame[]? frames) ? frames : _otherwise?.Resolve(address, time) ?? [];

    /// <summary>Reads the record.</summary>
    /// <param name="json">The contents of the record.</param>
    /// <param name="otherwise">Names the addresses that the record does not have.</param>
    /// <exception cref="ProfileFormatException">The contents are not valid.</exception>
    internal static NamesRecord Parse(ReadOnlyMemory<byte> json, IFrameResolver? otherwise)
    {
        Dictionary<ulong, Frame[]> frames = RecordJson.Read(json, "names", (root, strings) =>
            root.GetProperty("addresses").EnumerateObject()
                .Select(address => (Address: Hexadecimal(address.Name), Frames: address.Value))
                .DistinctBy(pair => pair.Address)
                .ToDictionary(
                    pair => pair.Address, pair => FrameArrays.Read(pair.Frames, strings, pair.Address)));
        return new NamesRecord(frames, otherwise);
    }

    /// <summary>Writes a record.</summary>
    /// <param name="frames">The frames by address, innermost first.</param>
    internal static byte[] Write(IReadOnlyDictionary<ulong, IReadOnlyList<Frame>> frames)
    {
        StringTable strings = new();
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", RecordJson.Version);
            writer.WriteStartObject("addresses");
            foreach ((ulong address, IReadOnlyList<Frame> list) in frames.OrderBy(pair => pair.Key))
            {
                writer.WritePropertyName(address.ToString("x", CultureInfo.InvariantCulture));
                FrameArrays.Write(writer, list, strings);
            }

            writer.WriteEndObject();
            strings.Write(writer, "strings");
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static ulong Hexadecimal(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
