using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Quarry.Tools.Posix;

/// <summary>A null-terminated array of C strings, as execve and posix_spawn take it.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;

    internal NativeStrings(IReadOnlyList<byte[]> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++)
        {
            byte* copy = (byte*)NativeMemory.Alloc((nuint)strings[i].Length + 1);
            strings[i].CopyTo(new Span<byte>(copy, strings[i].Length));
            copy[strings[i].Length] = 0;
            Pointer[i] = copy;
        }
    }

    internal byte** Pointer { get; }

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
        {
            NativeMemory.Free(Pointer[i]);
        }

        NativeMemory.Free(Pointer);
    }
}
