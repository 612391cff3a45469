using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The managed allocations of the process of a profile, sampled by the runtime.</summary>
/// <remarks>
/// <c>{"version":1,"interval":102400,"heap_bytes":N,"strings":[...],"sites":[{"type":INDEX,"bytes":N,
/// "variance":N,"objects":N,"samples":N,"frames":[[function,module,file,line,kind],...]}]}</c>
/// </remarks>
/// <param name="Interval">The mean number of bytes between two samples.</param>
/// <param name="HeapBytes">The size of the managed heap after its last collection; 0 without any.</param>
/// <param name="Sites">The sites, without order.</param>
internal sealed record ManagedAllocations(
    long Interval, long HeapBytes, IReadOnlyList<ManagedSite> Sites)
{
    /// <summary>The size of all objects that were allocated, in bytes; an estimate.</summary>
    internal double Bytes => Sites.Sum(site => site.Bytes);

    /// <summary>The standard error of that size.</summary>
    internal double Error => double.Sqrt(Sites.Sum(site => site.Variance));

    /// <summary>Reads the record.</summary>
    /// <exception cref="ProfileFormatException">The contents are not valid.</exception>
    internal static ManagedAllocations Parse(ReadOnlyMemory<byte> json) =>
        RecordJson.Read(json, "managed allocations", (root, strings) => new ManagedAllocations(
            root.GetProperty("interval").GetInt64(),
            root.GetProperty("heap_bytes").GetInt64(),
            [.. root.GetProperty("sites").EnumerateArray().Select(site => ReadSite(site, strings))]));

    /// <summary>Writes a record.</summary>
    internal byte[] Write()
    {
        StringTable strings = new();
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", RecordJson.Version);
            writer.WriteNumber("interval", Interval);
            writer.WriteNumber("heap_bytes", HeapBytes);
            writer.WriteStartArray("sites");
            foreach (ManagedSite site in Sites)
            {
                writer.WriteStartObject();
                writer.WriteNumber("type", strings.IndexOf(site.Type));
                writer.WriteNumber("bytes", site.Bytes);
                writer.WriteNumber("variance", site.Variance);
                writer.WriteNumber("objects", site.Objects);
                writer.WriteNumber("samples", site.Samples);
                writer.WritePropertyName("frames");
                FrameArrays.Write(writer, site.Frames, strings);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            strings.Write(writer, "strings");
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    // The frames of a stack, each of an address of its own that is not known any more.
    private static ManagedSite ReadSite(JsonElement site, string[] strings) => new(
        strings[site.GetProperty("type").GetInt32()],
        site.GetProperty("bytes").GetDouble(),
        site.GetProperty("variance").GetDouble(),
        site.GetProperty("objects").GetDouble(),
        site.GetProperty("samples").GetInt64(),
        [.. site.GetProperty("frames").EnumerateArray().Select(frame =>
            FrameArrays.Read(frame, strings, address: 0, isInlined: false))]);
}
