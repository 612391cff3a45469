namespace Quarry;

/// <summary>A hash table of the records of blocks by address. Its memory comes from the system.</summary>
/// <remarks>
/// Open addressing with linear probing, at most half full. Removal moves later entries back, so there are no
/// tombstones. Records do not move. All members are called under the lock of the allocator.
/// </remarks>
internal unsafe struct CheckedTable
{
    private const nuint MinCapacity = 512;
    private const int SlabBytes = 64 * 1024;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    private CheckedBlock** _entries;
    private nuint _capacity;
    private CheckedBlock* _free;
    private Slab* _slabs;

    /// <summary>The number of records.</summary>
    internal nuint Count { get; private set; }

    /// <summary>Returns the record of the block at an address; null if there is none.</summary>
    internal readonly CheckedBlock* Find(void* address)
    {
        if (_capacity == 0)
        {
            return null;
        }

        nuint index = IndexOf(address);
        while (_entries[index] != null && _entries[index]->Address != address)
        {
            index = Next(index);
        }

        return _entries[index];
    }

    /// <summary>
    /// Returns the record of the block that contains an address, by a search of all records; null if there is
    /// none.
    /// </summary>
    internal readonly CheckedBlock* FindAround(void* address)
    {
        nuint cursor = 0;
        CheckedBlock* block = NextFrom(ref cursor);
        while (block != null && !block->Contains(address))
        {
            block = NextFrom(ref cursor);
        }

        return block;
    }

    /// <summary>Returns the next record, or null after the last one; start with a cursor of 0.</summary>
    internal readonly CheckedBlock* NextFrom(ref nuint cursor)
    {
        while (cursor < _capacity)
        {
            CheckedBlock* block = _entries[cursor++];
            if (block != null)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Adds the record of a block; the address must not be in the table.</summary>
    /// <returns>The stored record, or null if the system is out of memory.</returns>
    internal CheckedBlock* Add(CheckedBlock* block)
    {
        if ((2 * (Count + 1) > _capacity && !TryGrow()) || (_free == null && !TryAddSlab()))
        {
            return null;
        }

        CheckedBlock* record = _free;
        _free = record->Next;
        *record = *block;
        Insert(record);
        Count++;
        return record;
    }

    /// <summary>Removes a record, which can be reused at once.</summary>
    internal void Remove(CheckedBlock* block)
    {
        nuint hole = IndexOf(block->Address);
        while (_entries[hole] != block)
        {
            hole = Next(hole);
        }

        // A later entry moves into the hole if its own search, which starts at its home, passes the hole.
        for (nuint index = Next(hole); _entries[index] != null; index = Next(index))
        {
            nuint home = IndexOf(_entries[index]->Address);
            if (((index - home) & (_capacity - 1)) >= ((index - hole) & (_capacity - 1)))
            {
                _entries[hole] = _entries[index];
                hole = index;
            }
        }

        _entries[hole] = null;
        block->Next = _free;
        _free = block;
        Count--;
    }

    /// <summary>Removes all records, and unmaps all memory.</summary>
    internal void Clear()
    {
        while (_slabs != null)
        {
            Slab* next = _slabs->Next;
            Os.Unmap(_slabs, SlabBytes);
            _slabs = next;
        }

        if (_entries != null)
        {
            Os.Unmap(_entries, EntriesBytes(_capacity));
        }

        this = default;
    }

    private void Insert(CheckedBlock* block)
    {
        nuint index = IndexOf(block->Address);
        while (_entries[index] != null)
        {
            index = Next(index);
        }

        _entries[index] = block;
    }

    private bool TryGrow()
    {
        CheckedTable old = this;
        nuint capacity = _capacity == 0 ? MinCapacity : 2 * _capacity;
        CheckedBlock** entries = (CheckedBlock**)Os.Map(EntriesBytes(capacity));
        if (entries == null)
        {
            return false;
        }

        _entries = entries;
        _capacity = capacity;
        nuint cursor = 0;
        for (CheckedBlock* block = old.NextFrom(ref cursor); block != null; block = old.NextFrom(ref cursor))
        {
            Insert(block);
        }

        if (old._entries != null)
        {
            Os.Unmap(old._entries, EntriesBytes(old._capacity));
        }

        return true;
    }

    private bool TryAddSlab()
    {
        Slab* slab = (Slab*)Os.Map(SlabBytes);
        if (slab == null)
        {
            return false;
        }

        slab->Next = _slabs;
        _slabs = slab;
        CheckedBlock* first = (CheckedBlock*)(slab + 1);
        for (CheckedBlock* block = first; (byte*)(block + 1) <= (byte*)slab + SlabBytes; block++)
        {
            block->Next = _free;
            _free = block;
        }

        return true;
    }

    // The upper bits of the product depend on all bits of the address.
    private readonly nuint IndexOf(void* address) =>
        (nuint)(((ulong)address * GoldenRatio) >> 32) & (_capacity - 1);

    private readonly nuint Next(nuint index) => (index + 1) & (_capacity - 1);

    private static nuint EntriesBytes(nuint capacity) => capacity * (nuint)sizeof(CheckedBlock*);

    private struct Slab
    {
        public Slab* Next;
    }
}
