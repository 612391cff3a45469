using System;

namespace Quarry.Malloc;

/// <summary>The paths of the statistics file of a process.</summary>
/// <remarks>
/// Copies, because programs overwrite the memory in which the kernel passes the environment, in order to set
/// the title of the process. Every path ends with a zero byte.
/// </remarks>
internal unsafe struct RecordPaths
{
    /// <summary>The longest path that the kernel accepts, with the zero byte at its end.</summary>
    private const int Capacity = 4096;

    // What is appended to the prefix: "." and a process ID of up to ten digits, "~" twice, and the zero byte.
    private const int SuffixCapacity = 14;

    private fixed byte _prefix[Capacity];
    private fixed byte _program[Capacity];
    private fixed byte _file[Capacity];
    private fixed byte _temporary[Capacity];
    private fixed byte _finalTemporary[Capacity];

    /// <summary>The path of the program.</summary>
    internal static byte* Program(RecordPaths* paths) => paths->_program;

    /// <summary>The path of the statistics file.</summary>
    internal static byte* File(RecordPaths* paths) => paths->_file;

    /// <summary>The path of the file that is written, and then renamed to the statistics file.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="final">The final record has one of its own.</param>
    internal static byte* Temporary(RecordPaths* paths, bool final) =>
        final ? paths->_finalTemporary : paths->_temporary;

    /// <summary>Sets the prefix of the calling process. The structure must be zero.</summary>
    /// <returns>False if the path is too long.</returns>
    internal static bool TrySet(RecordPaths* paths, byte* prefix)
    {
        // An absolute path, because the program may change its working folder.
        int start = 0;
        if (*prefix != '/' && Os.TryGetCurrentFolder(paths->_prefix, Capacity - SuffixCapacity))
        {
            while (paths->_prefix[start] != 0)
            {
                start++;
            }

            paths->_prefix[start++] = (byte)'/';
        }

        BoundedText text = new(new Span<byte>(paths->_prefix + start, Capacity - SuffixCapacity - start));
        text.AppendString(prefix);
        _ = Os.ExecutablePath(paths->_program, Capacity - 1);
        return !text.IsFull;
    }

    /// <summary>Sets the process ID that the paths contain.</summary>
    internal static void SetProcess(RecordPaths* paths, int processId)
    {
        Set(paths, paths->_file, processId, ""u8);
        Set(paths, paths->_temporary, processId, "~"u8);
        Set(paths, paths->_finalTemporary, processId, "~~"u8);
    }

    private static void Set(RecordPaths* paths, byte* path, int processId, ReadOnlySpan<byte> suffix)
    {
        BoundedText text = new(new Span<byte>(path, Capacity));
        text.AppendString(paths->_prefix);
        text.Append((byte)'.');
        text.Append((nuint)processId);
        text.Append(suffix);
        text.Append((byte)0);
    }
}
