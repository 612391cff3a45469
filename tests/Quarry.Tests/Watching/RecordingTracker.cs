using System.Collections.Generic;

namespace Quarry.Tests.Watching;

/// <summary>Writes down what it is told.</summary>
internal sealed class RecordingTracker : IAllocationTracker
{
    internal List<string> Events { get; } = [];

    public void Allocated(in TrackedBlock block) => Events.Add($"+{block.Size} {block.Group}");

    public void Deallocated(in TrackedBlock block, AllocationGroup current) =>
        Events.Add($"-{block.Size} {block.Group} in {current}");

    public void Reallocated(in TrackedBlock block, in TrackedBlock now) =>
        Events.Add($"{block.Size} {block.Group} > {now.Size} {now.Group}"
            + (block.Address == now.Address ? " in place" : ""));

    public void DeallocatedAll(AllocationGroup current) => Events.Add($"all in {current}");
}
