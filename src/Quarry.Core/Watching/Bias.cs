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
/// The number is mixed with the serial number of the state. So the test that the thread owns the side also
/// tells a state that is gone, whose memory may hold anything.
/// </para>
/// </remarks>
internal struct Bias
{
    private nuint _owner;

    /// <summary>Whether the calling thread is the owner; no to one that has yet to claim it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsOwn<TInner>(nuint serial) where TInner : unmanaged, IAllocator =>
        _owner == (IsShared<TInner>() ? Key(serial, ThreadToken.Known) : Key(serial, 0));

    /// <summary>Makes the calling thread the owner unless there is one. The state must be alive.</summary>
    internal bool TryClaim<TInner>(nuint serial) where TInner : unmanaged, IAllocator
    {
        nuint key = IsShared<TInner>() ? Key(serial, ThreadToken.Current) : Key(serial, 0);
        return Atomic.Read(ref _owner) == key || Atomic.TryReplace(ref _owner, 0, key);
    }

    private static bool IsShared<TInner>() where TInner : unmanaged, IAllocator =>
        (TInner.Traits & AllocatorTraits.ThreadSafe) != 0;

    private static nuint Key(nuint serial, nuint token) => token ^ (serial << 32);
}
