namespace Quarry;

/// <summary>The large blocks of an <see cref="IsolatedHeap"/>: in use, and freed but not unmapped.</summary>
/// <remarks>
/// A hash table of the numbers of records, with linear probing. The lock guards all of it; a process may have
/// some 30,000 mappings between inaccessible pages, so the records need no more room.
/// </remarks>
internal unsafe struct LargeTable
{
    private const int Log2Length = 17;
    private const uint Length = 1u << Log2Length, MostRecords = Length / 2;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Guards the table.</summary>
    public ThreadLock Lock;

    /// <summary>The quarantine: records of freed blocks, plus one; 0 where there is none yet.</summary>
    public uint* Quarantine;

    /// <summary>The length of the quarantine.</summary>
    public uint QuarantineLength;

    /// <summary>The place in the quarantine of the next block, if the order is not random.</summary>
    public uint QuarantineNext;

    private uint* _places;
    private LargeBlock* _records;
    private uint _used;
    private uint _freePlusOne;
    private nuint _lowest;
    private nuint _highest;

    /// <summary>Gets the number of records that were ever used.</summary>
    internal readonly uint Used => _used;

    internal readonly LargeBlock* Record(uint number) => _records + number;

    /// <summary>Maps the table; returns false if out of memory.</summary>
    internal static bool TryStart(LargeTable* table, nuint quarantine)
    {
        const uint MostInQuarantine = 256;
        table->QuarantineLength = quarantine < MostInQuarantine ? (uint)quarantine : MostInQuarantine;
        nuint places = (nuint)Length * sizeof(uint), waiting = (nuint)MostInQuarantine * sizeof(uint);
        nuint bytes = Layout.AlignUp(
            places + waiting + ((nuint)MostRecords * (nuint)sizeof(LargeBlock)), Os.PageSize);
        PageSource source = PageSource.System();
        byte* start = (byte*)source.Reserve(source.State, bytes + (2 * Os.PageSize), Os.PageSize);
        if (start == null || !source.Commit(source.State, start + Os.PageSize, bytes))
        {
            return false;
        }

        table->_places = (uint*)(start + Os.PageSize);
        table->Quarantine = (uint*)(start + Os.PageSize + places);
        table->_records = (LargeBlock*)(start + Os.PageSize + places + waiting);
        table->_lowest = nuint.MaxValue;
        return true;
    }

    /// <summary>Determines whether a mapping contains an address. Takes no lock.</summary>
    internal static bool Contains(LargeTable* table, void* address) =>
        TryFind(table, address, out _);

    /// <summary>
    /// Finds the block whose mapping contains an address. Takes no lock, for reports and signal handlers.
    /// </summary>
    internal static bool TryFind(LargeTable* table, void* address, out LargeBlock block)
    {
        if ((nuint)address < table->_lowest || (nuint)address >= table->_highest)
        {
            block = default;
            return false;
        }

        uint exact = Find(table, address);
        if (exact < Length)
        {
            block = table->_records[exact];
            return true;
        }

        for (uint number = 0; number < table->_used; number++)
        {
            block = table->_records[number];
            if (block.Details.Address != null && (nuint)((byte*)address - block.Mapping) < block.MappingBytes)
            {
                return true;
            }
        }

        block = default;
        return false;
    }

    /// <summary>Returns the number of the record of the block at an address; a larger one if there is none.
    /// </summary>
    internal static uint Find(LargeTable* table, void* address)
    {
        for (uint place = PlaceOf(address); ; place = (place + 1) % Length)
        {
            uint numberPlusOne = Atomic.Read(ref table->_places[place]);
            if (numberPlusOne == 0)
            {
                return uint.MaxValue;
            }

            if (table->_records[numberPlusOne - 1].Details.Address == address)
            {
                return numberPlusOne - 1;
            }
        }
    }

    /// <summary>Adds a record; returns false if there is no room. The caller has entered the lock.</summary>
    internal static bool TryAdd(LargeTable* table, LargeBlock block)
    {
        uint number = table->_freePlusOne == 0 ? table->_used : table->_freePlusOne - 1;
        if (number >= MostRecords)
        {
            return false;
        }

        if (table->_freePlusOne == 0)
        {
            table->_used++;
        }
        else
        {
            table->_freePlusOne = table->_records[number].NextPlusOne;
        }

        nuint start = (nuint)block.Mapping, end = start + block.MappingBytes;
        table->_lowest = start < table->_lowest ? start : table->_lowest;
        table->_highest = end > table->_highest ? end : table->_highest;
        table->_records[number] = block;
        uint place = PlaceOf(block.Details.Address);
        while (table->_places[place] != 0)
        {
            place = (place + 1) % Length;
        }

        table->_places[place] = number + 1;
        return true;
    }

    /// <summary>Removes a record. The caller has entered the lock.</summary>
    internal static void Remove(LargeTable* table, uint number)
    {
        LargeBlock* record = table->_records + number;
        uint place = PlaceOf(record->Details.Address);
        while (table->_places[place] != number + 1)
        {
            place = (place + 1) % Length;
        }

        // Entries behind the hole move into it unless they would be before the place of their hash.
        uint hole = place;
        for (uint next = (place + 1) % Length; table->_places[next] != 0; next = (next + 1) % Length)
        {
            uint home = PlaceOf(table->_records[table->_places[next] - 1].Details.Address);
            if (((next - home) % Length) >= ((next - hole) % Length))
            {
                table->_places[hole] = table->_places[next];
                hole = next;
            }
        }

        table->_places[hole] = 0;
        record->Details = default;
        record->NextPlusOne = table->_freePlusOne;
        table->_freePlusOne = number + 1;
    }

    private static uint PlaceOf(void* address) =>
        (uint)((((nuint)address >> 4) * GoldenRatio) >> (64 - Log2Length));
}
