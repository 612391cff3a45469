using System;
using System.IO;
using System.Text;

namespace Quarry;

/// <summary>Reads and writes the controls of the process's malloc, by jemalloc's <c>mallctl</c>.</summary>
/// <remarks>
/// <para>
/// Available in a process whose malloc is <c>libquarry.so</c> or a jemalloc with plain names, which it has if
/// the library was preloaded; see <see cref="IsAvailable"/>. Controls have names such as
/// <c>stats.allocated</c>; the manual of jemalloc lists them with their types: <c>bool</c> is
/// <see cref="bool"/>, <c>unsigned</c> <see cref="uint"/>, <c>size_t</c> <see cref="nuint"/>, <c>ssize_t</c>
/// <see cref="nint"/>, <c>uint64_t</c> <see cref="ulong"/>, and <c>const char *</c> <see cref="string"/>.
/// </para>
/// <para>
/// Statistics change only when <c>epoch</c> is written, as by <see cref="RefreshStatistics"/>. The methods
/// are thread-safe. They throw <see cref="NotSupportedException"/> where no such malloc is present, and
/// <see cref="MallCtlException"/> if the malloc refuses; methods that try return false instead.
/// </para>
/// </remarks>
public static class MallCtl
{
    /// <summary>Gets a value indicating whether the malloc of the process has controls.</summary>
    public static bool IsAvailable => MallCtlFunctions.Instance is not null;

    /// <summary>Gets the version of the malloc, such as <c>5.3.1-0-g...</c>.</summary>
    public static string Version => ReadString("version");

    /// <summary>Gets the number of a named control, for repeated use; see <see cref="MallCtlMib"/>.</summary>
    /// <param name="name">
    /// The name. Where it has numbers, such as <c>stats.arenas.0.small.allocated</c>, they can be replaced
    /// later.
    /// </param>
    public static MallCtlMib GetMib(string name) => MallCtlMib.Find(name);

    /// <summary>Reads a control.</summary>
    /// <typeparam name="T">
    /// <see cref="bool"/>, <see cref="uint"/>, <see cref="nuint"/>, <see cref="nint"/>, <see cref="ulong"/>
    /// or <see cref="long"/>.
    /// </typeparam>
    /// <param name="name">The name.</param>
    public static T Read<T>(string name) where T : unmanaged
    {
        MallCtlException.ThrowIf(new MallCtlTarget(name).Read(out T value), name);
        return value;
    }

    /// <summary>Tries to read a control.</summary>
    /// <typeparam name="T">As for <see cref="Read"/>.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if there is no such control, or no malloc that has controls.</returns>
    public static bool TryRead<T>(string name, out T value) where T : unmanaged
    {
        value = default;
        return IsAvailable && new MallCtlTarget(name).Read(out value) == 0;
    }

    /// <summary>Reads a control that is text.</summary>
    /// <param name="name">The name.</param>
    public static string ReadString(string name)
    {
        MallCtlException.ThrowIf(new MallCtlTarget(name).ReadText(out string value), name);
        return value;
    }

    /// <summary>Tries to read a control that is text.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text; empty if the result is false.</param>
    /// <returns>False if there is no such control, or no malloc that has controls.</returns>
    public static bool TryReadString(string name, out string value)
    {
        value = "";
        return IsAvailable && new MallCtlTarget(name).ReadText(out value) == 0;
    }

    /// <summary>Writes a control.</summary>
    /// <typeparam name="T">As for <see cref="Read"/>.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static void Write<T>(string name, T value) where T : unmanaged =>
        MallCtlException.ThrowIf(new MallCtlTarget(name).Write(value), name);

    /// <summary>Writes a control that is text, such as <c>prof.dump</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text, which the control copies; null for a null pointer.</param>
    public static void Write(string name, string? value) =>
        MallCtlException.ThrowIf(new MallCtlTarget(name).WriteText(value), name);

    /// <summary>Writes a control, and returns its previous value.</summary>
    /// <typeparam name="T">As for <see cref="Read"/>.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static T Exchange<T>(string name, T value) where T : unmanaged
    {
        MallCtlException.ThrowIf(new MallCtlTarget(name).Exchange(value, out T previous), name);
        return previous;
    }

    /// <summary>Performs an action, such as <c>arena.0.purge</c>.</summary>
    /// <param name="name">The name.</param>
    public static void Invoke(string name) =>
        MallCtlException.ThrowIf(new MallCtlTarget(name).Invoke(), name);

    /// <summary>Refreshes the statistics, and returns their new epoch.</summary>
    public static ulong RefreshStatistics()
    {
        Write("epoch", 1ul);
        return Read<ulong>("epoch");
    }

    /// <summary>Returns the report of <c>malloc_stats_print</c>.</summary>
    /// <param name="options">
    /// Letters that select parts: <c>J</c> for JSON, <c>g</c>, <c>m</c>, <c>d</c>, <c>a</c>, <c>b</c>,
    /// <c>l</c> and <c>x</c> to omit parts.
    /// </param>
    public static string GetStatistics(string options = "") =>
        Encoding.UTF8.GetString(MallCtlFunctions.Required.Report(options));

    /// <summary>Writes the report of <c>malloc_stats_print</c> to a writer.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="options">As for <see cref="GetStatistics"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static void PrintStatistics(TextWriter writer, string options = "")
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(GetStatistics(options));
    }

    /// <summary>Writes the report of <c>malloc_stats_print</c> to a stream, in UTF-8.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="options">As for <see cref="GetStatistics"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    public static void PrintStatistics(Stream stream, string options = "")
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(MallCtlFunctions.Required.Report(options));
    }
}
