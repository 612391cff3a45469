using System.Threading;

namespace Quarry;

/// <content>Large blocks: mappings of their own, which end at an inaccessible page.</content>
/// <remarks>
/// A freed block stays inaccessible, so every access to it faults, until its mapping leaves the quarantine.
/// </remarks>
internal unsafe partial struct IsolatedHeap
{
    private const byte Pattern = 0xab;

    // Pages that a program does not touch cost nothing, so only the first ones are filled with junk.
    private const nuint MaxJunk = 64 * 1024;

    // The most inaccessible pages before a block, so that the distance of two blocks cannot be known.
    private const ulong MaxGap = 16;

    // From here on, moving pages is cheaper than copying bytes.
    private const nuint MoveFrom = 256 * 1024;

    private static void* AllocateLarge(
        IsolatedHeap* heap, nuint size, nuint alignment, bool zero, IsolatedThread* thread)
    {
        nuint page = Os.PageSize, most = Layout.MaxSize / 4;
        if (size > most || alignment > most)
        {
            return null;
        }

        alignment = alignment < MinAlignment ? MinAlignment : alignment;
        nuint inner = Layout.AlignUp(size + (alignment > page ? alignment : 0), page);
        nuint gap = heap->_options.Randomizes ? (nuint)(heap->NextLargeDraw() % MaxGap) * page : 0;
        nuint bytes = inner + gap + (2 * page);
        if (!heap->_account.TryCharge(inner))
        {
            return null;
        }

        PageSource source = PageSource.System();
        byte* mapping = (byte*)source.Reserve(source.State, bytes, page);
        if (mapping == null)
        {
            heap->_account.Uncharge(inner);
            return null;
        }

        LargeBlock large = new() { Mapping = mapping, MappingBytes = bytes };
        byte* block = (byte*)Layout.AlignDown((nuint)large.End - size, alignment);
        large.Details.Address = block;
        large.Details.Size = size;
        large.Details.State = SlotState.InUse;
        nuint used = (nuint)(large.End - large.First);
        heap->_account.Uncharge(inner - used);
        if (!source.Commit(source.State, large.First, used))
        {
            heap->_account.Uncharge(used);
            source.Release(source.State, mapping, bytes);
            return null;
        }

        Memory.Fill(large.First, (nuint)(block - large.First), Pattern);
        Memory.Fill(block + size, (nuint)(large.End - block) - size, Pattern);
        if (heap->_options.Explains)
        {
            large.Details.History.AllocationStack = StackOf(heap, thread);
            large.Details.History.AllocatingThread = thread->Id;
        }

        bool added = false;
        if (heap->_large.Lock.TryEnter(thread))
        {
            added = LargeTable.TryAdd(&heap->_large, large);
            heap->_large.Lock.Exit();
        }

        if (!added)
        {
            heap->_account.Uncharge(used);
            source.Release(source.State, mapping, bytes);
            return null;
        }

        BlockCounts.Add(heap->_largeCounts, size);
        if (heap->_options.FillsAllocated && !zero)
        {
            Memory.Fill(block, size < MaxJunk ? size : MaxJunk, Junk);
        }

        return block;
    }

    /// <summary>
    /// Makes a large block larger by moving its pages, not its bytes; returns null if that is impossible.
    /// </summary>
    /// <remarks>
    /// It keeps its place in the first page, so up to a page may lie between its end and the inaccessible
    /// page. That part holds the pattern. The former address range is unmapped.
    /// </remarks>
    private static void* TryMoveLarge(IsolatedHeap* heap, void* address, nuint size, IsolatedThread* thread)
    {
        PageSource source = PageSource.System();
        if (source.TryMove == null || size > Layout.MaxSize / 4
            || !LargeTable.TryFind(&heap->_large, address, out LargeBlock old)
            || old.Details.Address != address || old.Details.State != SlotState.InUse
            || size < MoveFrom || size < old.Details.Size || !heap->_large.Lock.TryEnter(thread))
        {
            return null;
        }

        CompareLarge(heap, &old);
        nuint offset = (nuint)((byte*)address - old.First), page = Os.PageSize;
        nuint inner = Layout.AlignUp(offset + size, page), former = (nuint)(old.End - old.First);
        bool charged = heap->_account.TryCharge(inner - former);
        byte* mapping = charged ? (byte*)source.Reserve(source.State, inner + (2 * page), page) : null;
        LargeBlock moved = old;
        moved.Mapping = mapping;
        moved.MappingBytes = inner + (2 * page);
        moved.Details.Address = mapping + page + offset;
        moved.Details.Size = size;
        bool done = mapping != null
            && source.TryMove(source.State, old.First, former, mapping + page, inner);
        if (done)
        {
            LargeTable.Remove(&heap->_large, LargeTable.Find(&heap->_large, address));
            _ = LargeTable.TryAdd(&heap->_large, moved);
        }

        heap->_large.Lock.Exit();
        if (!done)
        {
            heap->_account.Uncharge(charged ? inner - former : 0);
            if (mapping != null)
            {
                source.Release(source.State, mapping, moved.MappingBytes);
            }

            return null;
        }

        source.Release(source.State, old.Mapping, (nuint)(old.First - old.Mapping));
        source.Release(source.State, old.End, page);
        BlockCounts.Add(heap->_largeCounts, size);
        BlockCounts.Remove(heap->_largeCounts, old.Details.Size);
        byte* block = (byte*)moved.Details.Address;
        nuint behind = (nuint)(old.End - (byte*)address) - old.Details.Size;
        Memory.Fill(block + old.Details.Size, behind, heap->_options.FillsAllocated ? Junk : (byte)0);
        Memory.Fill(block + size, (nuint)(moved.End - block) - size, Pattern);
        return block;
    }

    private static bool TryFreeLarge(
        IsolatedHeap* heap, void* address, FreeRequest* request, IsolatedThread* thread)
    {
        if (!LargeTable.TryFind(&heap->_large, address, out LargeBlock found))
        {
            return false;
        }

        LargeBlock* record = null;
        if (found.Details.Address == address)
        {
            if (!heap->_large.Lock.TryEnter(thread))
            {
                return true;
            }

            uint number = LargeTable.Find(&heap->_large, address);
            record = number == uint.MaxValue ? null : heap->_large.Record(number);
            if (record != null && record->Details.State == SlotState.InUse)
            {
                record->Details.State = SlotState.Changing;
            }
            else
            {
                record = null;
            }

            heap->_large.Lock.Exit();
        }

        if (record == null)
        {
            bool freed = found.Details.Address == address && found.Details.State != SlotState.InUse;
            Report(heap, freed ? GuardError.DoubleFree : GuardError.InvalidFree, address, found.Details);
            return true;
        }

        if (heap->_options.Explains)
        {
            record->Details.History.ReleaseStack = StackOf(heap, thread);
            record->Details.History.FreeingThread = thread->Id;
        }

        if (request != null)
        {
            CompareRequest(heap, (byte*)address, record->Details.Size, request);
        }

        CompareLarge(heap, record);
        nuint used = (nuint)(record->End - record->First);
        Os.Decommit(record->First, used);
        heap->_account.Uncharge(used);
        BlockCounts.Remove(heap->_largeCounts, record->Details.Size);
        Volatile.Write(ref record->Details.State, SlotState.Quarantined);
        EvictLarge(heap, record, thread);
        return true;
    }

    private static void EvictLarge(IsolatedHeap* heap, LargeBlock* freed, IsolatedThread* thread)
    {
        LargeTable* table = &heap->_large;
        if (!table->Lock.TryEnter(thread))
        {
            return;
        }

        uint place = heap->_options.Randomizes
            ? (uint)(heap->NextLargeDraw() % table->QuarantineLength)
            : table->QuarantineNext;
        uint evictedPlusOne = table->Quarantine[place];
        table->Quarantine[place] = (uint)(freed - table->Record(0)) + 1;
        table->QuarantineNext = (table->QuarantineNext + 1) % table->QuarantineLength;
        byte* mapping = null;
        nuint bytes = 0;
        if (evictedPlusOne != 0)
        {
            LargeBlock* evicted = table->Record(evictedPlusOne - 1);
            mapping = evicted->Mapping;
            bytes = evicted->MappingBytes;
            LargeTable.Remove(table, evictedPlusOne - 1);
        }

        table->Lock.Exit();
        if (mapping != null)
        {
            PageSource source = PageSource.System();
            source.Release(source.State, mapping, bytes);
        }
    }

    private static void CompareLarge(IsolatedHeap* heap, LargeBlock* large)
    {
        byte* block = (byte*)large->Details.Address;
        GuardError damage = !HasPattern(block + large->Details.Size, large->End) ? GuardError.OverflowFound
            : !HasPattern(large->First, block) ? GuardError.UnderflowFound
            : GuardError.None;
        if (damage != GuardError.None)
        {
            Report(heap, damage, block, large->Details);
        }
    }

    // Threads that draw in the same moment may draw the same number.
    private ulong NextLargeDraw() => SplitMix64.Mix(++_largeDraws ^ _options.Secret);

    private static bool HasPattern(byte* from, byte* to)
    {
        while (from < to && *from == Pattern)
        {
            from++;
        }

        return from == to;
    }
}
