using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>Supplies slabs.</content>
/// <remarks>
/// Slabs without blocks are purged and used again, for any class whose slabs have the same number of slices.
/// If there is none, slices are used at the high-water mark, behind an inaccessible slice. Each change
/// between accessible and inaccessible slices costs the process one of the 65,530 mappings that it may have,
/// so a heap of many slabs has several of them between two inaccessible slices.
/// </remarks>
internal unsafe partial struct IsolatedHeap
{
    // The number of slabs without blocks from which one is drawn.
    private const nuint Choices = 4;

    // Descriptors are committed for this many slices at a time.
    private const nuint DescribedStep = 16;

    /// <summary>Determines whether an address is in the range of the slabs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsInSlabs(void* address) =>
        (nuint)((byte*)address - _base) < _sliceCount << Log2Slice;

    /// <summary>Returns the slab that contains an address of the range; null if none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slab* SlabOf(void* address)
    {
        nuint slice = (nuint)((byte*)address - _base) >> Log2Slice;
        if (slice >= Atomic.Read(ref _highWater))
        {
            return null;
        }

        Slab* slab = Descriptor(slice - Descriptor(slice)->SlicesToHead);
        return slab->SlotSize == 0 ? null : slab;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Slab* Descriptor(nuint slice) => (Slab*)(_descriptors + (slice * _descriptorBytes));

    private readonly byte* StartOf(Slab* slab) => _base + ((nuint)slab->Slice << Log2Slice);

    private bool TryReserveSlabs()
    {
        // An odd number of cache lines, so that descriptors do not all map to the same sets of the cache.
        nuint bytes = Slab.Bytes + Slab.BitmapBytes + (Slab.MaxSlots * _recordWords * sizeof(uint));
        _descriptorBytes = ((bytes / LineBytes) | 1) * LineBytes;
        PageSource source = PageSource.System();
        nuint share = Layout.AlignDown(Os.AddressSpaceLimit() / 4, SliceBytes);
        nuint size = Layout.AlignDown(_options.ReserveBytes, SliceBytes);
        size = size < share ? size : share;
        for (; size >= MinReserve; size = Layout.AlignDown(size / 2, SliceBytes))
        {
            nuint slices = size >> Log2Slice;
            nuint described = Layout.AlignUp(slices * _descriptorBytes, Os.PageSize) + (2 * Os.PageSize);
            void* blocks = source.Reserve(source.State, size + (2 * SliceBytes), SliceBytes);
            void* records = blocks == null ? null : source.Reserve(source.State, described, Os.PageSize);
            if (records != null)
            {
                _base = (byte*)blocks + SliceBytes;
                _sliceCount = slices;
                _descriptors = (byte*)records + Os.PageSize;
                return true;
            }

            if (blocks != null)
            {
                source.Release(source.State, blocks, size + (2 * SliceBytes));
            }
        }

        return false;
    }

    /// <summary>Returns a slab for a class, without used slots; null if out of memory.</summary>
    private static Slab* TakeSlab(IsolatedHeap* heap, int slotClass, IsolatedThread* thread)
    {
        nuint slot = EightPerDoubling.SizeOf((nuint)(slotClass % ClassCount));
        nuint eight = slot << 3;
        int log2 = eight <= SliceBytes
            ? 0
            : BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)eight)) - Log2Slice;
        nuint bytes = SliceBytes << log2;
        if (!heap->_account.TryCharge(bytes))
        {
            return null;
        }

        if (!heap->_supplyLock.TryEnter(thread))
        {
            heap->_account.Uncharge(bytes);
            return null;
        }

        Slab* slab = heap->_freeSlabs.Take(log2, heap->_options.Randomizes ? heap->Draw(Choices) : Choices);
        slab = slab != null ? slab : heap->TakeFresh((nuint)1 << log2);
        if (slab != null)
        {
            uint capacity = (uint)(((nuint)1 << (log2 + Log2Slice)) / slot), words = heap->_recordWords;
            Memory.Clear(Slab.Bitmap(slab), Slab.BitmapBytes);
            Memory.Clear(Slab.Record(slab, 0, words), capacity * words * sizeof(uint));
            slab->Slices = (ushort)(1 << log2);
            slab->Class = slotClass;
            slab->Capacity = capacity;
            slab->Extended = 0;
            slab->FreeSlots = 0;
            slab->IsLinked = false;
            for (int inside = 1; inside < slab->Slices; inside++)
            {
                heap->Descriptor(slab->Slice + (nuint)inside)->SlicesToHead = (ushort)inside;
            }

            // Last: a look-up that sees the size also sees the other fields.
            Volatile.Write(ref slab->SlotSize, (uint)slot);
        }

        heap->_supplyLock.Exit();
        if (slab == null)
        {
            heap->_account.Uncharge(bytes);
        }

        return slab;
    }

    /// <summary>Purges a slab without used slots, and keeps it for other classes.</summary>
    private static void ReturnSlab(IsolatedHeap* heap, Slab* slab, IsolatedThread* thread)
    {
        Volatile.Write(ref slab->SlotSize, 0);
        PageSource source = PageSource.System();
        nuint bytes = (nuint)slab->Slices << Log2Slice;
        if (!source.Purge(source.State, heap->StartOf(slab), bytes))
        {
            Memory.Clear(heap->StartOf(slab), bytes);
        }

        heap->_account.Uncharge(bytes);

        if (heap->_supplyLock.TryEnter(thread))
        {
            heap->_freeSlabs.Push(BitOperations.Log2(slab->Slices), slab);
            heap->_supplyLock.Exit();
        }
    }

    private Slab* TakeFresh(nuint count)
    {
        const nuint First = 4096, Second = 32768;
        nuint spacing = _highWater < First ? 1u : _highWater < Second ? 8u : 32u;
        bool guard = _sinceGuard >= spacing;
        nuint slice = _highWater + (guard ? 1u : 0u);
        nuint since = guard ? 0 : _sinceGuard;
        nuint end = slice + count;
        if (end > _sliceCount)
        {
            return null;
        }

        PageSource source = PageSource.System();
        if (end > _describedTo)
        {
            nuint to = end + DescribedStep > _sliceCount ? _sliceCount : end + DescribedStep;
            byte* first = _descriptors + Layout.AlignDown(_describedTo * _descriptorBytes, Os.PageSize);
            byte* last = _descriptors + Layout.AlignUp(to * _descriptorBytes, Os.PageSize);
            if (!source.Commit(source.State, first, (nuint)(last - first)))
            {
                return null;
            }

            _describedTo = to;
        }

        // All slabs up to the next inaccessible slice are committed at once.
        nuint from = slice > _committed ? slice : _committed;
        if (end > from)
        {
            nuint run = since + count < spacing ? slice + spacing - since : end;
            run = run > _sliceCount ? end : run;
            if (!source.Commit(source.State, _base + (from << Log2Slice), (run - from) << Log2Slice))
            {
                return null;
            }

            _committed = run;
        }

        _sinceGuard = since + count;
        Slab* slab = Descriptor(slice);
        slab->Slice = (uint)slice;
        Atomic.Write(ref _highWater, end);
        return slab;
    }

    private nuint Draw(nuint limit)
    {
        _random += 0x9E37_79B9_7F4A_7C15;
        return (nuint)(SplitMix64.Mix(_random) >> 32) % limit;
    }
}
