namespace Quarry;

/// <summary>A hash table that leads from the hashes of call stacks to their sites in the file.</summary>
/// <remarks>
/// A slot holds the upper half of the hash and the number of the site, so that a search reads no site but the
/// right one. The table grows into a copy that is published by one store: its thread may be killed at any
/// time.
/// </remarks>
internal unsafe struct SiteIndex
{
    private const uint FirstSlots = 1024;
    private const int TagShift = 32;

    private Table* _table;

    /// <summary>Returns the site with a hash; null if there is none.</summary>
    internal readonly ProfileSite* Find(byte* file, ulong hash)
    {
        if (_table == null)
        {
            return null;
        }

        uint mask = _table->Slots - 1;
        for (uint slot = (uint)hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong entry = SlotsOf(_table)[slot];
            if (entry == 0)
            {
                return null;
            }

            ProfileSite* site = SiteNumber.ToSite(file, (uint)entry);
            if (entry >> TagShift == hash >> TagShift && site->Hash == hash)
            {
                return site;
            }
        }
    }

    /// <summary>Adds a site; returns false if there is no memory.</summary>
    internal bool TryAdd(byte* file, ProfileSite* site, PrivateMemory* memory)
    {
        if ((_table == null || _table->Used * 4 >= _table->Slots * 3) && !TryGrow(file, memory))
        {
            return false;
        }

        Insert(_table, file, site);
        return true;
    }

    private bool TryGrow(byte* file, PrivateMemory* memory)
    {
        uint slots = _table == null ? FirstSlots : _table->Slots * 2;
        Table* larger = (Table*)memory->Allocate((nuint)sizeof(Table) + ((nuint)slots * sizeof(ulong)));
        if (larger == null)
        {
            return false;
        }

        larger->Slots = slots;
        for (uint slot = 0; _table != null && slot < _table->Slots; slot++)
        {
            uint number = (uint)SlotsOf(_table)[slot];
            if (number != 0)
            {
                Insert(larger, file, SiteNumber.ToSite(file, number));
            }
        }

        _table = larger;
        return true;
    }

    private static void Insert(Table* table, byte* file, ProfileSite* site)
    {
        uint mask = table->Slots - 1;
        uint slot = (uint)site->Hash & mask;
        while (SlotsOf(table)[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        SlotsOf(table)[slot] = (site->Hash >> TagShift << TagShift) | SiteNumber.Of(file, site);
        table->Used++;
    }

    private static ulong* SlotsOf(Table* table) => (ulong*)(table + 1);

    private struct Table
    {
        public uint Slots;
        public uint Used;
    }
}
