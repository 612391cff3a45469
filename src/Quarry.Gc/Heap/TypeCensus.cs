namespace Quarry.Gc;

/// <summary>Counts the objects of the heap by their types: exactly, as nothing was ever freed.</summary>
/// <remarks>
/// A table with open addressing in memory of its own, twice as large whenever it is half full.
/// </remarks>
internal unsafe struct TypeCensus
{
    private const nuint FirstCapacity = 4096;

    private TypeFigures* _table;
    private nuint _capacity;
    private nuint _count;

    /// <summary>
    /// Counts, and copies as many of the figures as fit; in no order. Stops all threads meanwhile.
    /// </summary>
    /// <returns>The number of types; 0 if there is no memory to count in.</returns>
    internal static nuint Take(TypeFigures* figures, nuint capacity)
    {
        TypeCensus census = default;
        if (!census.TryResize(FirstCapacity))
        {
            return 0;
        }

        bool wasCooperative = Runtime.EnablePreemption();
        Runtime.Suspend();
        bool complete = census.TryCount();
        if (HeapMode.IsTracing)
        {
            ObjectTrace.TellAll();
        }

        Runtime.Restart();
        if (wasCooperative)
        {
            Runtime.DisablePreemption();
        }

        nuint copied = 0;
        for (nuint at = 0; at < census._capacity; at++)
        {
            if (census._table[at].Type != 0 && copied < capacity)
            {
                figures[copied++] = census._table[at];
            }
        }

        Os.Unmap(census._table, census._capacity * (nuint)sizeof(TypeFigures));
        return complete ? census._count : 0;
    }

    /// <summary>Counts without stopping anybody, at the end of the process.</summary>
    internal static TypeFigures Total(out nuint types)
    {
        TypeCensus census = default;
        TypeFigures total = default;
        if (census.TryResize(FirstCapacity))
        {
            _ = census.TryCount();
        }

        for (nuint at = 0; at < census._capacity; at++)
        {
            total.Objects += census._table[at].Objects;
            total.Bytes += census._table[at].Bytes;
        }

        types = census._count;
        return total;
    }

    private bool TryCount()
    {
        HeapWalk walk = ManagedHeap.Walk();
        while (walk.MoveNext(out _, out uint* methodTable, out nuint size))
        {
            if (_count >= _capacity / 2 && !TryResize(_capacity * 2))
            {
                return false;
            }

            TypeFigures* entry = Find((nuint)methodTable);
            _count += entry->Type == 0 ? 1u : 0;
            entry->Type = (nuint)methodTable;
            entry->Objects++;
            entry->Bytes += size;
        }

        return true;
    }

    private readonly TypeFigures* Find(nuint type)
    {
        // Method tables lie some 100 bytes apart; the golden ratio spreads them.
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
        larger._table = (TypeFigures*)Os.Map(capacity * (nuint)sizeof(TypeFigures));
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
            Os.Unmap(_table, _capacity * (nuint)sizeof(TypeFigures));
        }

        this = larger;
        return true;
    }
}
