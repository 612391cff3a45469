namespace Quarry.Gc;

/// <summary>Counts the objects of the heap by type. The count is exact, as nothing is ever freed.</summary>
/// <remarks>
/// An open-addressing hash table in memory of its own, doubled in size when it is half full.
/// </remarks>
internal unsafe struct TypeCensus
{
    private const nuint InitialCapacity = 4096;

    private TypeStatistics* _table;
    private nuint _capacity;
    private nuint _count;

    /// <summary>
    /// Counts the objects while all other threads are suspended, and copies as many types as fit, in no
    /// particular order.
    /// </summary>
    /// <returns>The number of types; 0 if out of memory.</returns>
    internal static nuint Take(TypeStatistics* types, nuint capacity)
    {
        TypeCensus census = default;
        if (!census.TryResize(InitialCapacity))
        {
            return 0;
        }

        // A suspension in cooperative mode would wait for this thread itself.
        bool wasCooperative = Runtime.EnablePreemption();
        Runtime.Suspend();
        bool hasMemory = census.TryCount(out byte* damaged);
        if (HeapMode.IsTracing)
        {
            ObjectTrace.WriteAll();
        }

        Runtime.Restart();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        DamageReport.Write(damaged);
        nuint copied = 0;
        for (nuint at = 0; at < census._capacity; at++)
        {
            if (census._table[at].Type != 0 && copied < capacity)
            {
                types[copied++] = census._table[at];
            }
        }

        Os.Unmap(census._table, census._capacity * (nuint)sizeof(TypeStatistics));
        return hasMemory ? census._count : 0;
    }

    /// <summary>Counts the objects without suspending threads, at the end of the process.</summary>
    internal static TypeStatistics Total(out nuint types)
    {
        TypeCensus census = default;
        TypeStatistics total = default;
        if (census.TryResize(InitialCapacity))
        {
            _ = census.TryCount(out byte* damaged);
            DamageReport.Write(damaged);
        }

        for (nuint at = 0; at < census._capacity; at++)
        {
            total.Objects += census._table[at].Objects;
            total.Bytes += census._table[at].Bytes;
        }

        types = census._count;
        return total;
    }

    private bool TryCount(out byte* damaged)
    {
        damaged = null;
        HeapWalk walk = ManagedHeap.Walk();
        while (walk.MoveNext(out _, out MethodTable* type, out nuint size))
        {
            if (_count >= _capacity / 2 && !TryResize(_capacity * 2))
            {
                return false;
            }

            TypeStatistics* entry = Find((nuint)type);
            _count += entry->Type == 0 ? 1u : 0;
            entry->Type = (nuint)type;
            entry->Objects++;
            entry->Bytes += size;
        }

        damaged = walk.Damaged;
        return true;
    }

    private readonly TypeStatistics* Find(nuint type)
    {
        // Method tables are about 100 bytes apart; multiplying by the golden ratio spreads them.
        nuint at = unchecked((nuint)(((ulong)type >> 3) * 0x9e3779b97f4a7c15ul >> 20)) & (_capacity - 1);
        while (_table[at].Type != 0 && _table[at].Type != type)
        {
            at = (at + 1) & (_capacity - 1);
        }

        return _table + at;
    }

    private bool TryResize(nuint capacity)
    {
        TypeCensus larger = default;
        larger._table = (TypeStatistics*)Os.Map(capacity * (nuint)sizeof(TypeStatistics));
        if (larger._table == null)
        {
            return false;
        }

        larger._capacity = capacity;
        larger._count = _count;
        for (nuint at = 0; at < _capacity; at++)
        {
            if (_table[at].Type != 0)
            {
                *larger.Find(_table[at].Type) = _table[at];
            }
        }

        if (_table != null)
        {
            Os.Unmap(_table, _capacity * (nuint)sizeof(TypeStatistics));
        }

        this = larger;
        return true;
    }
}
