using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A large block that a thread has freed, kept for its next request of the same size.</summary>
/// <remarks>
/// <para>
/// A thread that allocates and frees a large block again and again gets the same block each time, without an
/// access to a word that other threads write. To the back end, a kept block stays allocated: its slices are
/// in use and charged, and statistics subtract it.
/// </para>
/// <para>
/// Only its thread keeps a block here, and counts those that it allocates again, so both take plain stores.
/// Any thread may remove the block, by one exchange: in the next pass of purging, before a request takes
/// slices that were never used or fails, and when the thread ends. Until then the thread keeps no other one.
/// </para>
/// </remarks>
internal unsafe struct KeptBlock
{
    /// <summary>The most slices of a kept block: those of a kept run.</summary>
    internal const nuint MaxSlices = KeptRuns.MaxLength;

    /// <summary>The number of the <see cref="LargeSteps"/> of kept blocks, which are up to 4 MiB.</summary>
    private const int Steps = 48;

    // Blocks begin at cache lines, so the low bits of the address hold the number of slices, less one.
    private const nuint CountMask = MaxSlices - 1;

    /// <summary>The next one of the heap, of another thread heap.</summary>
    public KeptBlock* Next;

    /// <summary>
    /// The number of blocks kept since the thread last read the clock for them, as <see
    /// cref="HeapBackend.FreedSinceClock"/> counts them.
    /// </summary>
    public nuint SinceClock;

    private nuint _block;
    private Page* _page;
    private nuint _size;
    private int _step;
    private nuint _reusedBytes;
    private fixed ulong _reuses[Steps];

    /// <summary>Gets the block; null if there is none.</summary>
    internal void* Block => (void*)(Atomic.Read(ref _block) & ~CountMask);

    /// <summary>Gets the number of slices of the block; 0 if there is none.</summary>
    internal nuint Slices
    {
        get
        {
            nuint block = Atomic.Read(ref _block);
            return block == 0 ? 0 : SlicesOf(block);
        }
    }

    /// <summary>Gets the usable size of the block, in bytes; 0 if there is none.</summary>
    internal nuint Size => IsEmpty ? 0 : _size;

    /// <summary>Gets the usable size of all blocks that were allocated from here, in bytes.</summary>
    internal nuint ReusedBytes => Atomic.Read(ref _reusedBytes);

    /// <summary>Returns the number of blocks of a step that were allocated from here.</summary>
    internal ulong ReusesAt(int step) => step < Steps ? Atomic.Read(ref _reuses[step]) : 0;

    /// <summary>Determines whether a block of a step is kept.</summary>
    internal bool IsOf(int step) => !IsEmpty && _step == step;

    /// <summary>Gets a value that indicates whether there is no block.</summary>
    internal bool IsEmpty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Atomic.Read(ref _block) == 0;
    }

    /// <summary>Keeps a block; only if there is none.</summary>
    /// <param name="page">The descriptor, whose number of slices was exchanged for 0.</param>
    /// <param name="block">The block.</param>
    /// <param name="slices">The number of slices, at most <see cref="MaxSlices"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Keep(Page* page, void* block, nuint slices)
    {
        nuint size = page->BlockSize;
        if (size != _size)
        {
            _size = size;
            _step = LargeSteps.IndexOf(size);
        }

        _page = page;
        Atomic.Write(ref _block, (nuint)block | (slices - 1));
    }

    /// <summary>Allocates the block, for its thread; returns null if it does not meet the request.</summary>
    /// <param name="usable">The usable size of the request, in bytes.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void* TryTake(nuint usable, nuint alignment)
    {
        nuint block = Atomic.Read(ref _block);
        if (block == 0 || _size != usable || (block & ~CountMask & (alignment - 1)) != 0
            || Atomic.Exchange(ref _block, 0) == 0)
        {
            return null;
        }

        _page->Slices = (uint)SlicesOf(block);
        _page->Kind = PageKind.Large;
        _reuses[_step]++;
        _reusedBytes += usable;
        return (void*)(block & ~CountMask);
    }

    /// <summary>Removes the block, on any thread; returns null if there is none.</summary>
    internal void* TryRemove(out nuint slices)
    {
        nuint block = IsEmpty ? 0 : Atomic.Exchange(ref _block, 0);
        slices = SlicesOf(block);
        return (void*)(block & ~CountMask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint SlicesOf(nuint block) => (block & CountMask) + 1;
}
