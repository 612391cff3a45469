using System;

namespace Quarry.Malloc;

/// <summary>Makes paths absolute, because the program may change its working folder.</summary>
internal static unsafe class AbsolutePath
{
    /// <summary>Copies a path behind the working folder, or alone if it is absolute.</summary>
    /// <param name="to">Zeroed memory for the zero-terminated result.</param>
    /// <param name="capacity">The size of that memory, in bytes.</param>
    /// <param name="path">The path, zero-terminated.</param>
    /// <returns>False if the path is too long.</returns>
    internal static bool TryCopy(byte* to, int capacity, byte* path)
    {
        int start = 0;
        if (*path != '/' && Os.TryGetCurrentFolder(to, (nuint)capacity))
        {
            while (to[start] != 0)
            {
                start++;
            }

            to[start++] = (byte)'/';
        }

        TextBuffer text = new(new Span<byte>(to + start, capacity - start));
        text.AppendString(path);
        return !text.IsFull;
    }
}
