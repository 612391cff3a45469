namespace Quarry.Gc;

/// <summary>A list of words that doubles its capacity, in memory of its own.</summary>
/// <remarks>The default value is empty. Not thread-safe.</remarks>
internal unsafe struct WordList
{
    private const nuint MinCapacity = 512, MaxKept = 64 << 10;

    private nuint* _items;
    private nuint _capacity;

    internal nuint Count { get; private set; }

    /// <summary>Gets the address of the items; it changes when the list grows.</summary>
    internal readonly nuint* Items => _items;

    internal readonly nuint this[nuint index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    /// <summary>Adds a word.</summary>
    /// <returns>False if out of memory; the list is unchanged then.</returns>
    internal bool TryAdd(nuint item)
    {
        if (Count == _capacity && !TryGrow())
        {
            return false;
        }

        _items[Count++] = item;
        return true;
    }

    /// <summary>Removes the items at and after an index.</summary>
    internal void Truncate(nuint count) => Count = count;

    /// <summary>Removes all items, and releases the memory of a long list.</summary>
    internal void Clear()
    {
        Count = 0;
        if (_capacity > MaxKept)
        {
            Os.Unmap(_items, _capacity * (nuint)sizeof(nuint));
            _items = null;
            _capacity = 0;
        }
    }

    private bool TryGrow()
    {
        nuint capacity = _capacity == 0 ? MinCapacity : _capacity * 2;
        nuint* items = (nuint*)Os.Map(capacity * (nuint)sizeof(nuint));
        if (items == null)
        {
            return false;
        }

        if (_items != null)
        {
            Memory.Copy(_items, items, Count * (nuint)sizeof(nuint));
            Os.Unmap(_items, _capacity * (nuint)sizeof(nuint));
        }

        _items = items;
        _capacity = capacity;
        return true;
    }
}
