using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Bucketize<TInner, TSteps> : IDisposable
{
    /// <summary>Keeps blocks of an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator the blocks come from.</param>
    /// <param name="minSize">The size, in bytes, that the first bucket serves, with all smaller ones.</param>
    /// <param name="maxSize">The size, in bytes, that the last bucket serves.</param>
    /// <param name="maxBlocks">The most blocks that lie idle in a bucket.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The range is empty, or has more than <see cref="MaxBuckets"/> steps.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Bucketize(TInner inner, nuint minSize, nuint maxSize, int maxBlocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minSize, maxSize);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBlocks);
        nuint count = CountOf(minSize, maxSize);
        if (count == 0 || count > BucketizeState.MaxBuckets)
        {
            Throw.OutOfRange(
                nameof(maxSize), maxSize, $"There can be {MaxBuckets} buckets; from {minSize} bytes it is {count}.");
        }

        if (!TryCreate(inner, minSize, maxSize, (uint)maxBlocks, out this))
        {
            Throw.OutOfMemory(Layout.Of<BucketizeState>());
        }
    }

    /// <summary>Gives the blocks that lie idle here back to the inner allocator. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            // Blocks still in use can be given back afterwards: straight to the inner allocator.
            Trim();
            BucketizeState* state = _handle.Pointer;
            for (nuint index = 0; index < state->Count; index++)
            {
                BucketizeState.BucketOf(state, index)->Limit = 0;
            }

            _handle.Release();
        }
    }
}
