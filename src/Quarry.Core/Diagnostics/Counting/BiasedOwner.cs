using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Which thread may update one side of some counters by plain loads and stores.</summary>
/// <remarks>
/// <para>
/// Atomic operations on every call of an allocator would cost more than the call. So the first thread that
/// comes owns one side of the counters, and the others share another one, which they update atomically.
/// The number of a thread that has ended may be given to a new one, which then owns the side: rightly, as
/// the two never overlap. Around an allocator that is not thread-safe nobody asks for the thread.
/// </para>
/// <para>
/// A state keeps the key of its owner, which is of the thread and of the state. So the test that the calling
/// thread owns the side also tells a state that is gone, whose memory may hold anything.
/// </para>
/// </remarks>
internal static class BiasedOwner
{
    /// <summary>
    /// The key of the calling thread to a state; of nobody if the thread has yet to claim one anywhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Key<TInner>(nuint serial) where TInner : unmanaged, IAllocator =>
        IsShared<TInner>() ? serial ^ ThreadToken.Mark : serial;

    /// <summary>Makes the calling thread the owner unless there is one. The state must be alive.</summary>
    internal static bool TryClaim<TInner>(ref nuint owner, nuint serial) where TInner : unmanaged, IAllocator
    {
        // Has the thread have a mark.
        _ = ThreadToken.Current;
        nuint key = Key<TInner>(serial);
        return Atomic.Read(ref owner) == key || Atomic.TryReplace(ref owner, 0, key);
    }

    private static bool IsShared<TInner>() where TInner : unmanaged, IAllocator =>
        (TInner.Traits & AllocatorTraits.ThreadSafe) != 0;
}
