using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct FreeList<TInner> : IDisposable
{
    /// <summary>Keeps blocks of an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator the blocks come from.</param>
    /// <param name="minSize">The smallest size that is kept, in bytes.</param>
    /// <param name="maxSize">
    /// The largest size that is kept, in bytes, and the size of every such block.
    /// </param>
    /// <param name="maxBlocks">The most blocks that lie idle here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or too large.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public FreeList(TInner inner, nuint minSize, nuint maxSize, int maxBlocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minSize, maxSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxSize, Layout.MaxSize - FreeBlockList.Alignment);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBlocks);
        if (!TryCreate(inner, minSize, maxSize, (uint)maxBlocks, out this))
        {
            Throw.OutOfMemory(Layout.Of<FreeListState>());
        }
    }

    /// <summary>
    /// Gives the blocks that lie idle here back to the inner allocator. Again does no harm.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            // Blocks still in use can be given back afterwards: straight to the inner allocator.
            Trim();
            _handle.Pointer->Blocks.Limit = 0;
            _handle.Release();
        }
    }
}
