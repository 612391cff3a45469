using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Determines which thread may update a set of counters by plain loads and stores.</summary>
/// <remarks>
/// <para>
/// An atomic operation in every call would cost more than the call. The first thread to allocate therefore
/// becomes the owner of one set of counters, and all other threads share a second set, which they update by
/// atomic operations (biased reference counting, Choi et al., 2018). If a thread ID is reused after its
/// thread has ended, the new thread is the owner; the two never run at the same time. If the inner allocator
/// is not thread-safe, the caller is always the owner.
/// </para>
/// <para>
/// A state stores the key of its owner, which combines the thread with the serial number of the state. One
/// comparison therefore tests both that the thread is the owner and that the state still exists; after
/// disposal, the memory of the state can hold any value.
/// </para>
/// </remarks>
internal static class BiasedOwner
{
    /// <summary>
    /// Gets a key that no thread has: neither thread tokens nor serial numbers come near all bits set.
    /// </summary>
    internal static nuint NoThread => ~(nuint)0;

    /// <summary>
    /// Returns the key of the calling thread for a state. Until the thread has claimed a state, the key
    /// matches no owner.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Key<TInner>(nuint serial) where TInner : unmanaged, IAllocator =>
        IsShared<TInner>() ? serial ^ ThreadToken.Mark : serial;

    /// <summary>Makes the calling thread the owner if there is none. The state must exist.</summary>
    /// <param name="owner">The key of the owner; 0 if there is none.</param>
    /// <param name="serial">The serial number of the state.</param>
    /// <returns><see langword="true"/> if the calling thread is the owner.</returns>
    internal static bool TryClaim<TInner>(ref nuint owner, nuint serial) where TInner : unmanaged, IAllocator
    {
        // Assigns a mark to the thread, which Key reads.
        _ = ThreadToken.Current;
        nuint key = Key<TInner>(serial);

        // A full fence: of several threads that find no owner, exactly one becomes the owner. Its key is
        // replaced only by NoThread, and then no thread becomes the owner until the key is back; so a thread
        // that reads its own key here is the only one to change the counters of the owner.
        return Atomic.Read(ref owner) == key || Atomic.TryReplace(ref owner, 0, key);
    }

    private static bool IsShared<TInner>() where TInner : unmanaged, IAllocator =>
        (TInner.Traits & AllocatorTraits.ThreadSafe) != 0;
}
