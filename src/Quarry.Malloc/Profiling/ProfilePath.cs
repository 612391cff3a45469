using System;

namespace Quarry.Malloc;

/// <summary>The path of the profile file: the prefix, the process ID, and <c>.qprof</c>.</summary>
internal unsafe struct ProfilePath
{
    private const int Capacity = 4096;

    // ".", a process ID of up to ten digits, ".", a number of up to three, ".qprof" and the zero byte.
    private const int SuffixCapacity = 22;

    private fixed byte _prefix[Capacity];
    private fixed byte _path[Capacity];

    /// <summary>Gets the zero-terminated path.</summary>
    internal static byte* Text(ProfilePath* path) => path->_path;

    /// <summary>Sets the prefix. The structure must be zeroed.</summary>
    /// <returns>False if the path is too long.</returns>
    internal static bool TrySetPrefix(ProfilePath* path, byte* prefix) =>
        AbsolutePath.TryCopy(path->_prefix, Capacity - SuffixCapacity, prefix);

    /// <summary>Sets the process ID.</summary>
    /// <param name="path">The path.</param>
    /// <param name="processId">The process ID.</param>
    /// <param name="number">
    /// The number of earlier files of processes with the same ID; it follows the ID unless it is 0.
    /// </param>
    internal static void SetProcess(ProfilePath* path, int processId, nuint number)
    {
        TextBuffer text = new(new Span<byte>(path->_path, Capacity));
        text.AppendString(path->_prefix);
        text.Append((byte)'.');
        text.Append((nuint)processId);
        if (number != 0)
        {
            text.Append((byte)'.');
            text.Append(number);
        }

        text.Append(".qprof\0"u8);
    }
}
