using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A general-purpose heap as a value.</summary>
/// <remarks>
/// <para>
/// A process may have many; they share nothing. Any thread may allocate from
/// any heap and free what another thread allocated. Disposing of a heap returns all of its memory at once,
/// blocks that are still in use included, at a cost that does not depend on their number.
/// </para>
/// <para>
/// The struct is a handle: its copies are the same heap. Allocating and freeing a small block costs some
/// 30 instructions, no lock and no atomic operation; freeing a block of another thread costs a share of one.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe struct Heap : IAllocator, IEquatable<Heap>, IDisposable, IMortal
{
    private readonly HeapState* _state;

    // Distinguishes this heap from another one that got the same slot, or even the same address, after this
    // one was destroyed.
    private readonly ulong _serial;

    // From 1, so that the default value has none.
    private readonly int _slot;

    private Heap(HeapState* state, int slot, ulong serial)
    {
        _state = state;
        _slot = slot + 1;
        _serial = serial;
    }

    /// <summary>Initializes a heap with the default options.</summary>
    /// <exception cref="OutOfMemoryException">The system has no address space for it.</exception>
    public Heap()
        : this(new HeapOptions())
    {
    }

    /// <summary>Initializes a heap.</summary>
    /// <param name="options">The limits, the page source and what happens when they are exhausted.</param>
    /// <exception cref="OutOfMemoryException">The page source has no address space for it.</exception>
    public Heap(HeapOptions options) => this = TryCreate(options, out Heap heap)
        ? heap
        : throw new OutOfMemoryException(
            $"A heap cannot reserve even {Region.SliceSize} bytes of address space.");

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership
        | AllocatorTraits.ThreadSafe | AllocatorTraits.KnowsSize;

    /// <summary>The state, for tests of the invariants.</summary>
    internal HeapState* State => Alive();

    /// <summary>Gets a value that indicates whether this is the default value, which is not a heap.</summary>
    internal bool IsDefault => _state == null;

    /// <summary>Gets a value that indicates whether the heap was created and is not disposed.</summary>
    public bool IsAlive => HeapSlots.IsAlive(_slot - 1, _serial);

    /// <summary>Tries to create a heap.</summary>
    /// <param name="options">The limits, the page source and what happens when they are exhausted.</param>
    /// <param name="heap">The heap; if there is none, the default value.</param>
    /// <returns>False if the page source has no address space for it.</returns>
    public static bool TryCreate(HeapOptions options, out Heap heap)
    {
        options = options.OrDefaults();
        HeapState* state = HeapState.TryCreate<Geometry>(&options);
        heap = default;
        if (state != null)
        {
            int slot = HeapSlots.Take(out ulong serial);
            heap = new Heap(state, slot, serial);
        }

        return state != null;
    }

    /// <summary>Returns all memory of the heap to the page source, blocks in use included.</summary>
    /// <remarks>
    /// No other thread may be using the heap meanwhile. Later requests return null, and a second call has no
    /// effect. If this heap is one of the last two that a thread used, and the thread deallocates a block
    /// after another thread disposed of it, it gets a <see cref="NullReferenceException"/>.
    /// </remarks>
    public void Dispose()
    {
        if (HeapSlots.TryGive(_slot - 1, _serial))
        {
            HeapState.Destroy(_state);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        ThreadHeap* thread = Thread();
        return thread == null
            ? null
            : Frontend.AllocateAligned(layout.Size, layout.Alignment, thread);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        ThreadHeap* thread = Thread();
        return thread == null
            ? null
            : Frontend.AllocateZeroed(layout.Size, layout.Alignment, thread);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        ThreadHeap* thread = Thread();
        if (thread != null)
        {
            Frontend.Free(block, thread);
        }
        else if (block != null && IsAlive)
        {
            Frontend.Free(_state, block, thread);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        ThreadHeap* thread = Thread();
        if (thread == null || !Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout))
        {
            return null;
        }

        if (layout.Alignment <= Block.MinSize || block == null)
        {
            return block == null ? Allocate(newLayout) : Frontend.Reallocate(block, newSize, thread);
        }

        if (!IsAlive)
        {
            return null;
        }

        nuint usable = Frontend.UsableSize(_state, block);
        if (usable == 0 || (newSize > usable / 2 && Frontend.TryResize(_state, block, newSize)))
        {
            if (usable == 0)
            {
                _state->ReportForeign(block);
            }

            return usable == 0 ? null : block;
        }

        void* moved = Allocate(newLayout);
        if (moved != null)
        {
            Memory.Copy(block, moved, usable < newSize ? usable : newSize);
            Frontend.Free(block, thread);
        }

        return moved != null || newSize > usable ? moved : block;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        IsAlive && Frontend.TryResize(_state, block, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) =>
        IsAlive ? Frontend.UsableSize(_state, block) : 0;

    /// <inheritdoc/>
    public bool Owns(void* block) => IsAlive && Frontend.UsableSize(_state, block) != 0;

    /// <inheritdoc/>
    /// <remarks>A heap cannot: dispose of it, and make another one.</remarks>
    public void DeallocateAll()
    {
    }

    /// <summary>Returns unused memory to the system.</summary>
    /// <returns>The number of bytes.</returns>
    public nuint Trim()
    {
        _ = Alive();
        ThreadHeap* thread = Thread();
        return thread == null ? 0 : HeapUpkeep.Trim(thread);
    }

    /// <summary>Sets the most memory, in bytes, that the heap may use; 0 for no limit.</summary>
    public void SetLimit(nuint bytes) => Atomic.Write(ref Alive()->Backend.Limit, bytes);

    /// <summary>Gets the statistics of the heap.</summary>
    public HeapStatistics GetStatistics()
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<Geometry>.Count];
        return GetStatistics(classes);
    }

    /// <summary>Gets the statistics of the heap and of each of its size classes.</summary>
    /// <param name="classes">The statistics of the classes, by ascending block size.</param>
    public HeapStatistics GetStatistics(out SizeClassStatistics[] classes)
    {
        classes = new SizeClassStatistics[SmallSizes<Geometry>.Count];
        fixed (SizeClassStatistics* first = classes)
        {
            return GetStatistics(first);
        }
    }

    /// <summary>
    /// Gets the statistics for an observer. It needs no thread heap, and another thread may dispose of the
    /// heap at the same time.
    /// </summary>
    /// <returns>False if the heap is disposed.</returns>
    internal bool TryObserve(out HeapStatistics statistics)
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<Geometry>.Count];
        using (HeapSlots.DelayDisposal())
        {
            bool isAlive = IsAlive;
            statistics = isAlive ? HeapCensus.Take<Geometry>(_state, classes) : default;
            return isAlive;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Heap other) => _serial == other._serial;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Heap other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _serial.GetHashCode();

    /// <summary>Whether both are the same heap.</summary>
    public static bool operator ==(Heap left, Heap right) => left.Equals(right);

    /// <summary>Whether they are different heaps.</summary>
    public static bool operator !=(Heap left, Heap right) => !left.Equals(right);

    private HeapStatistics GetStatistics(SizeClassStatistics* classes)
    {
        HeapState* state = Alive();
        ThreadHeap* thread = Thread();
        if (thread != null)
        {
            HeapUpkeep.Settle(thread);
        }

        return HeapCensus.Take<Geometry>(state, classes);
    }

    /// <summary>Gets the calling thread's thread heap; null if there is no memory for one.</summary>
    /// <remarks>
    /// Two heaps that are used in turn stay where they are: no store, no call, and no look at the arrays. The
    /// default value has the serial number 0, which is also that of no heap, and then no thread heap either.
    /// Not a method of <see cref="HeapSlots"/>: the JIT would load its arguments on the fast path.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ThreadHeap* Thread() =>
        HeapSlots.LastSerial == _serial ? HeapSlots.LastThread
        : HeapSlots.OtherSerial == _serial ? HeapSlots.OtherThread
        : HeapSlots.Find(_state, _slot - 1, _serial);

    /// <exception cref="ObjectDisposedException">The heap was disposed.</exception>
    /// <exception cref="InvalidOperationException">The heap is the default value.</exception>
    private HeapState* Alive() => IsAlive ? _state : throw Failure!;

    /// <inheritdoc/>
    Exception? IMortal.Failure => Failure;

    /// <inheritdoc cref="IMortal.Failure"/>
    internal Exception? Failure => IsAlive
        ? null
        : IsDefault ? Dead.NotCreated(nameof(Heap)) : Dead.Disposed(nameof(Heap));

    private string DebuggerText => TryObserve(out HeapStatistics statistics)
        ? $"{statistics.InUseBytes} of {statistics.CommittedBytes} bytes used"
        : "not alive";
}
