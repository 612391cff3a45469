using System;
using System.Collections.Generic;
using System.Text;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>
/// The environment this process was started with, byte for byte: names that no shell would allow and values
/// that are not UTF-8 are handed on as they came.
/// </summary>
internal sealed class EnvironmentBlock
{
    private readonly List<byte[]> _entries;

    private EnvironmentBlock(List<byte[]> entries) => _entries = entries;

    internal IReadOnlyList<byte[]> Entries => _entries;

    /// <summary>
    /// Read from the kernel and not from the C library, whose copy the .NET runtime could change.
    /// </summary>
    internal static EnvironmentBlock OfThisProcess() => new(ProcFile.ReadStrings("/proc/self/environ"));

    internal string? Get(string name)
    {
        byte[] prefix = Prefix(name);
        byte[]? entry = _entries.Find(e => e.AsSpan().StartsWith(prefix));
        return entry is null ? null : Encoding.UTF8.GetString(entry.AsSpan(prefix.Length));
    }

    internal void Set(string name, string value)
    {
        Remove(name);
        _entries.Add(Encoding.UTF8.GetBytes(name + "=" + value));
    }

    internal void Remove(string name)
    {
        byte[] prefix = Prefix(name);
        _entries.RemoveAll(e => e.AsSpan().StartsWith(prefix));
    }

    /// <summary>Adds to a list that the user may have begun; the new value counts first.</summary>
    internal void Prepend(string name, string value, char separator) =>
        Set(name, Get(name) is { Length: > 0 } old ? value + separator + old : value);

    /// <summary>Adds to a list that the user may have begun; the new value counts last.</summary>
    internal void Append(string name, string value, char separator) =>
        Set(name, Get(name) is { Length: > 0 } old ? old + separator + value : value);

    private static byte[] Prefix(string name) => Encoding.UTF8.GetBytes(name + "=");
}
