using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct Pool<TInner> : IDisposable, IMortal
{
    /// <summary>Initializes a pool without a limit.</summary>
    /// <inheritdoc cref="Pool{TInner}(TInner, Layout, nuint)"/>
    public Pool(TInner inner, Layout block)
        : this(inner, block, limit: 0)
    {
    }

    /// <summary>Initializes a pool.</summary>
    /// <param name="inner">
    /// The allocator of the slabs. It is not disposed with the pool, and must outlive it.
    /// </param>
    /// <param name="block">The size and alignment of the blocks.</param>
    /// <param name="limit">The maximum total size of the slabs, in bytes; 0 for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The blocks are too large for a slab.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Pool(TInner inner, Layout block, nuint limit)
    {
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
            // The slabs are gone if the inner allocator was disposed first.
            if (Dead.Of(_inner) == null)
            {
                FreeSlabs(_handle.Pointer);
            }

            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Pool") ?? Dead.Of(_inner);

    private string DebuggerText => IsAlive
        ? $"blocks of {Block.Size} bytes, {ReservedBytes} bytes reserved"
        : "not alive";
}
