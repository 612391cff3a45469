using System;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
public readonly unsafe partial struct Pool<TInner> : IDisposable
{
    /// <summary>Initializes a pool without a limit.</summary>
    /// <inheritdoc cref="Pool{TInner}(TInner, Layout, nuint)"/>
    public Pool(TInner inner, Layout block)
        : this(inner, block, nuint.MaxValue)
    {
    }

    /// <summary>Initializes a pool.</summary>
    /// <param name="inner">
    /// The allocator of the slabs. It is not disposed with the pool, and must outlive it.
    /// </param>
    /// <param name="block">The size and alignment of the blocks.</param>
    /// <param name="limit">The maximum total size of the slabs, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The limit is 0, or the blocks are too large for a slab.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Pool(TInner inner, Layout block, nuint limit)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        if (!TryPad(block, out _))
        {
            Throw.OutOfRange(nameof(block), block, $"The maximum size of a block is {MaxBlockSize} bytes.");
        }

        if (!TryCreate(inner, block, limit, out this))
        {
            Throw.OutOfMemory(Layout.Of<PoolState>());
        }
    }

    /// <summary>Frees the slabs, and with them all blocks. Further calls do nothing.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            FreeSlabs(_handle.Pointer);
            _handle.Release();
        }
    }
}
