using System;

namespace Quarry;

/// <content>Making one in .NET.</content>
public readonly unsafe partial struct StackFront<TInner>
{
    /// <summary>Puts a buffer in front of an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">Serves what no longer fits the buffer.</param>
    /// <param name="buffer">From <c>stackalloc</c>, say. Nobody else may write to it.</param>
    /// <param name="size">In bytes; <see cref="FixedBuffer.OverheadBytes"/> of them are for the state.</param>
    /// <exception cref="ArgumentNullException">The buffer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It cannot even hold the state.</exception>
    public StackFront(TInner inner, void* buffer, nuint size) =>
        _parts = new Fallback<FixedBuffer, TInner>(new FixedBuffer(buffer, size), inner);
}
