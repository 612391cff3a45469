using System;

namespace Quarry.Malloc;

/// <summary>The beginning of the paths of dumps; empty if no dumps are written on their own.</summary>
/// <remarks>
/// There are two buffers, of which one is current: a dump that reads the prefix while another thread sets it
/// reads the old or the new one. Threads that set it at once may mix their texts.
/// </remarks>
internal static unsafe class DumpPrefix
{
    /// <summary>The most bytes, including the zero.</summary>
    internal const int Capacity = 4000;

    private static Buffers s_buffers;
    private static nuint s_current;

    /// <summary>Gets the zero-terminated prefix.</summary>
    internal static byte* Text => Buffer(Atomic.Read(ref s_current));

    /// <summary>Sets the prefix; returns false if it is too long.</summary>
    internal static bool TrySet(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length >= Capacity)
        {
            return false;
        }

        nuint next = Atomic.Read(ref s_current) ^ 1;
        int start = (int)next * Capacity;
        for (int at = 0; at < prefix.Length; at++)
        {
            s_buffers.Bytes[start + at] = prefix[at];
        }

        s_buffers.Bytes[start + prefix.Length] = 0;

        // After the text. Pairs with Text.
        Atomic.Write(ref s_current, next);
        return true;
    }

    private static byte* Buffer(nuint index)
    {
        // A static of an image does not move.
        fixed (byte* buffers = s_buffers.Bytes)
        {
            return buffers + (index * Capacity);
        }
    }

    private struct Buffers
    {
        public fixed byte Bytes[2 * Capacity];
    }
}
