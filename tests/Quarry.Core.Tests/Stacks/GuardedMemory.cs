using System;

namespace Quarry.Core.Tests;

/// <summary>Memory between two inaccessible pages: a read outside of it ends the process.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private readonly byte* _mapping;
    private readonly nuint _size;

    /// <summary>Maps memory of at least a number of bytes.</summary>
    internal GuardedMemory(int bytes)
    {
        Bytes = Layout.AlignUp((nuint)bytes, Os.PageSize);
        _size = Bytes + (2 * Os.PageSize);
        _mapping = (byte*)Os.Map(_size);
        Os.Decommit(_mapping, Os.PageSize);
        Os.Decommit(End, Os.PageSize);
    }

    internal nuint Bytes { get; }

    internal byte* Start => _mapping + Os.PageSize;

    internal byte* End => Start + Bytes;

    /// <summary>Copies bytes so that the last one is before the inaccessible page.</summary>
    internal byte* PlaceAtEnd(ReadOnlySpan<byte> bytes)
    {
        byte* place = End - bytes.Length;
        bytes.CopyTo(new Span<byte>(place, bytes.Length));
        return place;
    }

    /// <summary>Copies bytes so that the first one is behind the inaccessible page.</summary>
    internal byte* PlaceAtStart(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(Start, bytes.Length));
        return Start;
    }

    public void Dispose() => Os.Unmap(_mapping, _size);
}
