using System;
using System.Collections.Concurrent;

namespace Quarry.Tests.Watching;

/// <summary>Keeps a table of the blocks in use, and throws when it does not fit what it is told.</summary>
internal sealed class TableTracker : IAllocationTracker
{
    internal ConcurrentDictionary<nuint, TrackedBlock> Blocks { get; } = new();

    public void Allocated(in TrackedBlock block)
    {
        if (block.WrappedSize < block.Size + 16 || !Blocks.TryAdd(block.Address, block))
        {
            throw new InvalidOperationException($"{block} is taken already.");
        }
    }

    public void Deallocated(in TrackedBlock block, AllocationGroup current)
    {
        if (!Blocks.TryRemove(block.Address, out TrackedBlock taken) || taken.Size != block.Size
            || taken.Group != block.Group)
        {
            throw new InvalidOperationException($"{block} was told as {taken}.");
        }
    }

    public void DeallocatedAll(AllocationGroup current) => Blocks.Clear();
}
