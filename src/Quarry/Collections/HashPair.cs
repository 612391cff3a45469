using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The item of a dictionary.</summary>
internal unsafe struct HashPair<TKey, TValue> : IHashItem<HashPair<TKey, TValue>, TKey>
    where TKey : unmanaged
    where TValue : unmanaged
{
    public TKey Key;

    public TValue Value;

    /// <inheritdoc/>
    public static string CollectionName => "NativeDictionary";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TKey* KeyOf(HashPair<TKey, TValue>* item) => &item->Key;
}
