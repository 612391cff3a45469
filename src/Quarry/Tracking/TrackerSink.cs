using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>Calls a tracker: never from inside one of its calls, and nothing it throws gets out.</summary>
internal sealed class TrackerSink(IAllocationTracker tracker)
{
    private enum Hook
    {
        Allocated,
        Deallocated,
        Reallocated,
        DeallocatedAll,
    }

    /// <summary>What the tracker threw.</summary>
    internal Exception? Failure { get; set; }

    internal static TrackerSink Of(nint handle) => (TrackerSink)GCHandle.FromIntPtr(handle).Target!;

    /// <returns>False if it threw; that of the other methods as well.</returns>
    internal bool Allocated(in TrackedBlock now) => TryCall(Hook.Allocated, default, now);

    internal bool Deallocated(in TrackedBlock block, AllocationGroup current) =>
        TryCall(Hook.Deallocated, block, new TrackedBlock { Group = current });

    internal bool Reallocated(in TrackedBlock block, in TrackedBlock now) =>
        TryCall(Hook.Reallocated, block, now);

    internal bool DeallocatedAll(AllocationGroup current) =>
        TryCall(Hook.DeallocatedAll, default, new TrackedBlock { Group = current });

    private bool TryCall(Hook hook, in TrackedBlock block, in TrackedBlock now)
    {
        GroupContext.Silence();
        try
        {
            switch (hook)
            {
                case Hook.Allocated:
                    tracker.Allocated(now);
                    break;
                case Hook.Deallocated:
                    tracker.Deallocated(block, now.Group);
                    break;
                case Hook.Reallocated:
                    tracker.Reallocated(block, now);
                    break;
                default:
                    tracker.DeallocatedAll(now.Group);
                    break;
            }

            return true;
        }
#pragma warning disable CA1031 // whatever it is, it must not leave an allocator
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure = exception;
            return false;
        }
        finally
        {
            GroupContext.Unsilence();
        }
    }
}
