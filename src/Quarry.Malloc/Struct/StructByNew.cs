using System;

namespace Quarry.Malloc;

/// <summary>Checks a struct that was created by <c>new</c>, because no factory is named.</summary>
internal static unsafe class StructByNew
{
    private const int LongestName = 100;

    /// <summary>
    /// Ends the process with a message if a struct with fields is all zeros, as <c>new</c> returns it if the
    /// struct has no constructor without parameters: every call would crash. A struct without fields has one
    /// byte.
    /// </summary>
    /// <returns>True.</returns>
    internal static bool IsCreated<TAllocator>(TAllocator allocator, ReadOnlySpan<byte> name)
        where TAllocator : unmanaged
    {
        byte* bytes = (byte*)&allocator;
        bool zero = sizeof(TAllocator) > 1;
        for (int at = 0; zero && at < sizeof(TAllocator); at++)
        {
            zero = bytes[at] == 0;
        }

        if (zero)
        {
            Report(name);
            ProcessAbort.Raise();
        }

        return true;
    }

    private static void Report(ReadOnlySpan<byte> name)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: "u8);
        text.Append(name.Length > LongestName ? name.Slice(0, LongestName) : name);
        text.Append(" is all zeros after `new`: give it a constructor without parameters, or name a "u8);
        text.Append("MallocFactory in the project file\n"u8);
        StandardError.Write(ref text);
    }
}
