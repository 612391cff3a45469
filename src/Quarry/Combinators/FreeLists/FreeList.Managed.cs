using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct FreeList<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes an allocator that keeps freed blocks.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="minSize">The smallest size to keep, in bytes.</param>
    /// <param name="maxSize">
    /// The largest size to keep, in bytes, which is also the size of every such block.
    /// </param>
    /// <param name="maxBlocks">The maximum number of blocks to keep.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or too large.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
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
    /// Frees the kept blocks. Blocks in use can still be freed afterwards. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            // Kept blocks lie in memory of the inner allocator, which is gone if that was disposed first.
            if (Dead.Of(_inner) == null)
            {
                Recycling.Trim(_inner, this);
            }

            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("FreeList") ?? Dead.Of(_inner);
}
