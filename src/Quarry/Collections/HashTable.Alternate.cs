using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Finding items by something that equals their key.</content>
internal unsafe partial struct HashTable<TKey, TItem>
{
    /// <summary>Returns the item whose key equals the alternate; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly TItem* Find<TAlternate, TComparer>(TAlternate alternate, TComparer comparer)
        where TAlternate : allows ref struct
        where TComparer : struct, IAlternateEqualityComparer<TAlternate, TKey>
    {
        uint hash = (uint)comparer.GetHashCode(alternate);
        uint number = _buckets[HighProduct(_multiplier * hash, _capacity)];
        while (number != 0)
        {
            HashEntry<TItem>* entry = _entries + number;
            if (comparer.Equals(alternate, *TItem.KeyOf(&entry->Item)))
            {
                return &entry->Item;
            }

            number = entry->Next;
        }

        return null;
    }
}
