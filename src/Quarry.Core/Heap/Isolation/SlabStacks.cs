namespace Quarry;

/// <summary>The slabs without blocks, by the logarithm of the number of their slices.</summary>
/// <remarks>The lock of the supply guards them.</remarks>
internal unsafe struct SlabStacks
{
    /// <summary>The number of stacks: slabs have one to eight slices.</summary>
    internal const int Count = 4;

    private fixed ulong _first[Count];

    internal void Push(int log2, Slab* slab)
    {
        slab->Next = (Slab*)_first[log2];
        _first[log2] = (ulong)slab;
    }

    /// <summary>Removes the slab after a number of others, or the last one; null if there is none.</summary>
    internal Slab* Take(int log2, nuint after)
    {
        Slab* before = null, slab = (Slab*)_first[log2];
        for (; after > 0 && slab != null && slab->Next != null; after--)
        {
            before = slab;
            slab = slab->Next;
        }

        if (slab != null)
        {
            if (before == null)
            {
                _first[log2] = (ulong)slab->Next;
            }
            else
            {
                before->Next = slab->Next;
            }
        }

        return slab;
    }
}
