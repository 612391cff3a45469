using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Pool<TInner> : IDisposable
{
    /// <summary>Makes a pool without a limit; the inner allocator stays the caller's, and must outlive it.</summary>
    /// <inheritdoc cref="Pool{TInner}(TInner, Layout, nuint)"/>
    public Pool(TInner inner, Layout block)
        : this(inner, block, nuint.MaxValue)
    {
    }

    /// <summary>Makes a pool over an allocator that stays the caller's, and must outlive it.</summary>
    /// <param name="inner">The allocator the chunks come from.</param>
    /// <param name="block">The size and alignment of the blocks.</param>
    /// <param name="limit">The most bytes that the chunks may have together.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The limit is 0, or the blocks are too large for a chunk.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Pool(TInner inner, Layout block, nuint limit)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        if (!TryPad(block, out _))
        {
            Throw.OutOfRange(nameof(block), block, $"The largest size is {MaxBlockSize} bytes.");
        }

        if (!TryCreate(inner, block, limit, out this))
        {
            Throw.OutOfMemory(Layout.Of<PoolState>());
        }
    }

    /// <summary>Gives the chunks back to the inner allocator, and all blocks with them. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            DeallocateAll();
            _handle.Release();
        }
    }
}
