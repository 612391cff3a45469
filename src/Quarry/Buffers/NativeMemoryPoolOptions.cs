using System;
using System.Threading;

namespace Quarry;

/// <summary>How a <see cref="NativeMemoryPool{T, TAllocator}"/> works; the defaults suit most.</summary>
public sealed record NativeMemoryPoolOptions
{
    /// <summary>
    /// The most bytes that the pool keeps for later; 64 MiB. Buffers that come back beyond it go to the
    /// allocator. What is rented does not count.
    /// </summary>
    public nuint MaxPooledBytes { get; init; } = 64.MiB();

    /// <summary>
    /// The largest buffer, in bytes, that is kept for later; 1 MiB. Larger ones are taken from the allocator
    /// and go back to it, in the size that was asked for.
    /// </summary>
    public nuint MaxPooledBufferBytes { get; init; } = 1.MiB();

    /// <summary>The number of elements of a buffer where no size is asked for; 4096.</summary>
    public int DefaultBufferLength { get; init; } = 4096;

    /// <summary>The alignment of each buffer in bytes, a power of two; 16.</summary>
    public nuint Alignment { get; init; } = 16;

    /// <summary>
    /// How long a buffer may lie unused before it goes back to the allocator; 10 seconds. It does so at the
    /// latest after twice that time, when a buffer comes back to the pool or, for an allocator that is
    /// <see cref="AllocatorTraits.ThreadSafe"/>, the runtime collects the oldest generation; and at once when
    /// it does so short of memory. <see cref="Timeout.InfiniteTimeSpan"/> keeps it until then. A thread that
    /// returns buffers in quick succession reads the clock at every 64th return.
    /// </summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the pool keeps the owner of a buffer together with it, so that renting a buffer that the pool
    /// has allocates no object; no.
    /// </summary>
    /// <remarks>
    /// For callers that dispose each owner once and use nothing of it afterwards, as Kestrel and
    /// <c>System.IO.Pipelines</c> do. An owner that is used again cannot tell a second dispose from that of
    /// its next user, and takes the buffer from them.
    /// </remarks>
    public bool RecycleOwners { get; init; }

    /// <summary>
    /// Told of each owner that was lost without having been disposed. Unless it is null, every rent records
    /// its stack, which costs tens of microseconds: for tests, and to find a leak.
    /// </summary>
    /// <remarks>It is called by the finalizer thread, and must not throw.</remarks>
    public Action<NativeMemoryLeak>? OnLeak { get; init; }

    /// <summary>What tells the time; null for the system's count of milliseconds.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is no good.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DefaultBufferLength);
        if (!Layout.IsPowerOfTwo(Alignment))
        {
            Throw.OutOfRange(nameof(Alignment), Alignment, "An alignment is a power of two.");
        }

        if (IdleTime <= TimeSpan.Zero && IdleTime != Timeout.InfiniteTimeSpan)
        {
            Throw.OutOfRange(nameof(IdleTime), IdleTime, "The time is positive, or infinite.");
        }
    }
}
