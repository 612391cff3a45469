using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes the JSON of a page.</summary>
internal static class PageJson
{
    private const double NanosecondsPerTick = 1e9 / TimeSpan.TicksPerSecond;

    /// <summary>
    /// Writes an object. Its strings have <c>&lt;</c> escaped, as a script element requires.
    /// </summary>
    internal static string Write(Action<Utf8JsonWriter> writeProperties)
    {
        using MemoryStream stream = new();

        // The default encoder escapes '<', '>', '&' and what is not ASCII.
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writeProperties(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes one number for each row.</summary>
    internal static void WriteColumn<T>(
        this Utf8JsonWriter writer, string name, IEnumerable<T> rows, Func<T, double> value)
    {
        writer.WriteStartArray(name);
        foreach (T row in rows)
        {
            writer.WriteNumberValue(Finite(value(row)));
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a time in nanoseconds.</summary>
    internal static void WriteTime(this Utf8JsonWriter writer, string name, TimeSpan time) =>
        writer.WriteNumber(name, Nanoseconds(time));

    /// <summary>Writes a number; JSON has none for infinity.</summary>
    internal static void WriteFinite(this Utf8JsonWriter writer, string name, double value) =>
        writer.WriteNumber(name, Finite(value));

    internal static double Nanoseconds(TimeSpan time) => time.Ticks * NanosecondsPerTick;

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
