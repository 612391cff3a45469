namespace Quarry;

/// <summary>Finds the record of a block by its address. Its memory comes from the system.</summary>
/// <remarks>
/// Open addressing with linear probing, at most half full; removal moves what follows back, so there are no
/// marks of removed entries. Records stay where they are. Everything happens under the allocator's lock.
/// </remarks>
internal unsafe struct CheckedTable
{
    private const nuint MinCapacity = 512;
    private const int RecordsBytes = 64 * 1024;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    private CheckedBlock** _entries;
    private nuint _capacity;
    private CheckedBlock* _free;
    private Chunk* _chunks;

    /// <summary>How many blocks it knows.</summary>
    internal nuint Count { get; private set; }

    /// <summary>The record of a block; null if none begins there.</summary>
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

    /// <summary>The record of the block around an address; looks at all of them.</summary>
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

    /// <summary>The records one after another: begin with a cursor of 0. Null after the last one.</summary>
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

    /// <summary>Adds the record of a block whose address it does not have.</summary>
    /// <returns>The record, to be kept; null if the system has no memory.</returns>
    internal CheckedBlock* Add(CheckedBlock* block)
    {
        if ((2 * (Count + 1) > _capacity && !TryGrow()) || (_free == null && !TryAddRecords()))
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

    /// <summary>Forgets a block. The record may be used for another one at once.</summary>
    internal void Remove(CheckedBlock* block)
    {
        nuint hole = IndexOf(block->Address);
        while (_entries[hole] != block)
        {
            hole = Next(hole);
        }

        // What lies behind the hole moves into it if a search that starts at its own place comes by the hole.
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

    /// <summary>Forgets all blocks and gives its memory back.</summary>
    internal void Clear()
    {
        while (_chunks != null)
        {
            Chunk* next = _chunks->Next;
            Os.Unmap(_chunks, RecordsBytes);
            _chunks = next;
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

    private bool TryAddRecords()
    {
        Chunk* chunk = (Chunk*)Os.Map(RecordsBytes);
        if (chunk == null)
        {
            return false;
        }

        chunk->Next = _chunks;
        _chunks = chunk;
        CheckedBlock* first = (CheckedBlock*)(chunk + 1);
        for (CheckedBlock* block = first; (byte*)(block + 1) <= (byte*)chunk + RecordsBytes; block++)
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

    private struct Chunk
    {
        public Chunk* Next;
    }
}
