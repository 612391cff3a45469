using System.Threading;

namespace Quarry;

/// <content>What statistics, profiles and limits need to know.</content>
internal unsafe partial struct IsolatedHeap
{
    // Blocks begin at multiples of 16.
    private const int Log2Alignment = 4;

    /// <summary>Gets the number of bytes by which blocks were resized in place; it may wrap below zero.
    /// </summary>
    internal static nuint ResizedBytes(IsolatedHeap* heap) => Atomic.Read(ref heap->_resizedBytes);

    /// <summary>Gets the number of bytes by which blocks grew in place.</summary>
    internal static nuint GrownBytes(IsolatedHeap* heap) => Atomic.Read(ref heap->_grownBytes);

    /// <summary>Returns the account to which the memory is charged.</summary>
    internal static MemoryAccount* AccountOf(IsolatedHeap* heap) => &heap->_account;

    /// <summary>Gets the number of bytes of address space reserved for slabs.</summary>
    internal static nuint MappedBytes(IsolatedHeap* heap) => heap->_sliceCount << Log2Slice;

    /// <summary>Calls a function with the counts of the blocks of each size.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="function">
    /// The function, which receives the largest size, the counts, and the argument.
    /// </param>
    /// <param name="argument">The argument.</param>
    internal static void ForEachCount(
        IsolatedHeap* heap, delegate*<nuint, BlockCounts, void*, void> function, void* argument)
    {
        for (int index = 0; index < heap->_classes; index++)
        {
            nuint slot = EightPerDoubling.SizeOf((nuint)(index % ClassCount));
            function(slot - CanaryBytes, BlockCounts.Read(&heap->_slotClasses[index].Counts), argument);
        }

        for (int step = 0; step < BlockCounts.Steps; step++)
        {
            nuint size = EightPerDoubling.SizeOf((nuint)step);
            function(size, BlockCounts.Read(heap->_largeCounts + step), argument);
        }
    }

    /// <summary>Returns the number of bytes that are backed by physical memory.</summary>
    internal static nuint ResidentBytes(IsolatedHeap* heap)
    {
        nuint resident = Os.Resident(heap->_base, Atomic.Read(ref heap->_highWater) << Log2Slice);
        for (uint number = 0; number < heap->_large.Used; number++)
        {
            // A block that is unmapped meanwhile counts as not resident.
            LargeBlock large = *heap->_large.Record(number);
            if (large.Details.State == SlotState.InUse)
            {
                resident += Os.Resident(large.First, (nuint)(large.End - large.First));
            }
        }

        return resident;
    }

    /// <summary>Returns the slab that contains a block, as a range of slots; or the block, if it is large.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="block">The block.</param>
    /// <param name="slot">The size of the slots, in bytes; 0 if the address is not in this heap.</param>
    /// <param name="index">The index of the slot.</param>
    /// <param name="capacity">The number of slots.</param>
    internal static void* SlotsOf(
        IsolatedHeap* heap, void* block, out nuint slot, out uint index, out uint capacity)
    {
        index = 0;
        capacity = 1;
        if (!heap->IsInSlabs(block))
        {
            slot = SizeOf(heap, block);
            return block;
        }

        Slab* slab = heap->SlabOf(block);
        slot = slab == null ? 0 : Volatile.Read(ref slab->SlotSize);
        if (slot == 0)
        {
            return block;
        }

        byte* start = heap->StartOf(slab);
        index = (uint)((nuint)((byte*)block - start) / slot);
        capacity = slab->Capacity;
        return start;
    }

    /// <summary>Returns the word for the sample record of a block.</summary>
    /// <remarks>
    /// Those of the slabs are in a mapping of their own, which is created with the first sampled block. Only
    /// pages that were written are backed by memory.
    /// </remarks>
    /// <param name="heap">The heap.</param>
    /// <param name="block">The block.</param>
    /// <param name="creates">Whether the mapping is created if there is none.</param>
    /// <returns>The word; null if there is none.</returns>
    internal static nuint* SampleOf(IsolatedHeap* heap, void* block, bool creates)
    {
        if (!heap->IsInSlabs(block))
        {
            uint number = LargeTable.Find(&heap->_large, block);
            return number == uint.MaxValue ? null : &heap->_large.Record(number)->Sample;
        }

        nuint* words = (nuint*)Atomic.Read(ref heap->_samples);
        words = words != null || !creates ? words : CreateSamples(heap);
        return words == null ? null : words + ((nuint)((byte*)block - heap->_base) >> Log2Alignment);
    }

    private static nuint* CreateSamples(IsolatedHeap* heap)
    {
        PageSource source = PageSource.System();
        nuint bytes = ((heap->_sliceCount << Log2Slice) >> Log2Alignment) * (nuint)sizeof(nuint);
        void* words = source.Reserve(source.State, bytes, Os.PageSize);
        if (words == null)
        {
            return null;
        }

        if (!Os.MakeWritable(words, bytes) || !Atomic.TryReplace(ref heap->_samples, 0, (nuint)words))
        {
            source.Release(source.State, words, bytes);
        }

        return (nuint*)Atomic.Read(ref heap->_samples);
    }

    private void CountResized(nuint from, nuint to)
    {
        _ = Atomic.Add(ref _resizedBytes, to - from);
        if (to > from)
        {
            _ = Atomic.Add(ref _grownBytes, to - from);
        }
    }
}
