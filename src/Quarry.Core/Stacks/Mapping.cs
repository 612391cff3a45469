using System;

namespace Quarry;

/// <summary>A mapping of the process, as the kernel reports it.</summary>
internal unsafe struct Mapping
{
    /// <summary>The first address.</summary>
    public nuint Start;

    /// <summary>The address behind the mapping.</summary>
    public nuint End;

    /// <summary>The offset in the file of the first byte.</summary>
    public ulong FileOffset;

    /// <summary>The number of the file; 0 if no file is mapped.</summary>
    public ulong File;

    /// <summary>The number of the device of the file, in the kernel's notation.</summary>
    public ulong Device;

    /// <summary>Whether the mapping can be read.</summary>
    public bool IsReadable;

    /// <summary>Whether the mapping can be executed.</summary>
    public bool IsExecutable;

    /// <summary>Whether the mapping is the stack with which the program was started.</summary>
    public bool IsMainStack;

    /// <summary>Determines whether a mapping is of the same file.</summary>
    internal readonly bool HasSameFile(in Mapping other) => File == other.File && Device == other.Device;

    /// <summary>
    /// Determines whether the kernel's name of a mapping, zero-terminated, is that of the stack.
    /// </summary>
    internal static bool IsMainStackName(byte* name)
    {
        ReadOnlySpan<byte> stack = "[stack]\0"u8;
        int length = 0;
        while (length < stack.Length && name[length] == stack[length])
        {
            length++;
        }

        return length == stack.Length;
    }
}
