using System;

namespace Quarry.Malloc;

/// <summary>The paths of the statistics file of a process.</summary>
/// <remarks>
/// The paths are copied, because some programs overwrite the memory of the environment to set the title of
/// the process. Every path is zero-terminated.
/// </remarks>
internal unsafe struct RecordPaths
{
    /// <summary>The length of the longest path that the kernel accepts, including the zero byte.</summary>
    private const int Capacity = 4096;

    // The suffix: ".", a process ID of up to ten digits, "~" twice, and the zero byte.
    private const int SuffixCapacity = 14;

    private fixed byte _prefix[Capacity];
    private fixed byte _program[Capacity];
    private fixed byte _file[Capacity];
    private fixed byte _temporary[Capacity];
    private fixed byte _finalTemporary[Capacity];

    /// <summary>Gets the path of the program.</summary>
    internal static byte* Program(RecordPaths* paths) => paths->_program;

    /// <summary>Gets the path of the statistics file.</summary>
    internal static byte* File(RecordPaths* paths) => paths->_file;

    /// <summary>Gets the path of the file that is written and then renamed to the statistics file.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="final">Whether to return the separate file of the final record.</param>
    internal static byte* Temporary(RecordPaths* paths, bool final) =>
        final ? paths->_finalTemporary : paths->_temporary;

    /// <summary>Sets the prefix of the calling process. The structure must be zeroed.</summary>
    /// <returns>False if the path is too long.</returns>
    internal static bool TrySet(RecordPaths* paths, byte* prefix)
    {
        bool fits = AbsolutePath.TryCopy(paths->_prefix, Capacity - SuffixCapacity, prefix);
        _ = Os.ExecutablePath(paths->_program, Capacity - 1);
        return fits;
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
        TextBuffer text = new(new Span<byte>(path, Capacity));
        text.AppendString(paths->_prefix);
        text.Append((byte)'.');
        text.Append((nuint)processId);
        text.Append(suffix);
        text.Append((byte)0);
    }
}
