using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Bucketize<TInner, TSteps> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes an allocator that keeps freed blocks by size.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="minSize">
    /// The size of the first bucket, in bytes, which also serves all smaller sizes.
    /// </param>
    /// <param name="maxSize">The largest size that must have a bucket, in bytes.</param>
    /// <param name="maxBlocks">The maximum number of blocks to keep in a bucket.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The range is empty, or has more than <see cref="MaxBuckets"/> steps.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Bucketize(TInner inner, nuint minSize, nuint maxSize, int maxBlocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minSize, maxSize);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBlocks);
        nuint count = CountOf(minSize, maxSize);
        if (count == 0 || count > BucketizeState.MaxBuckets)
        {
            Throw.OutOfRange(
                nameof(maxSize),
                maxSize,
                $"From {minSize} bytes, this is {count} buckets; the maximum is {MaxBuckets}.");
        }

        if (!TryCreate(inner, minSize, maxSize, (uint)maxBlocks, out this))
        {
            Throw.OutOfMemory(Layout.Of<BucketizeState>());
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
    Exception? IMortal.Failure => _handle.Failure("Bucketize") ?? Dead.Of(_inner);
}
