using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Reads the records of a profile file that are JSON.</summary>
internal static class RecordJson
{
    internal const int Version = 1;

    /// <summary>Reads a record: an object with a version and an array of strings.</summary>
    /// <param name="json">The contents of the record.</param>
    /// <param name="what">What the record contains, for messages.</param>
    /// <param name="read">Reads the other properties.</param>
    /// <exception cref="ProfileFormatException">The contents are not valid.</exception>
    internal static T Read<T>(ReadOnlyMemory<byte> json, string what, Func<JsonElement, string[], T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new ProfileFormatException($"the {what} have version {version}; expected {Version}");
            }

            JsonElement strings = root.GetProperty("strings");
            return read(root, [.. strings.EnumerateArray().Select(text => text.GetString() ?? "")]);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ProfileFormatException($"the {what} in the profile are damaged", e);
        }
    }

    private static bool IsDamage(Exception e) => e is JsonException or KeyNotFoundException
        or InvalidOperationException or OverflowException or IndexOutOfRangeException
        || (e is FormatException and not ProfileFormatException);
}
