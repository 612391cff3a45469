namespace Quarry;

/// <summary>The item of a dictionary. The key stands first, where the table looks for it.</summary>
internal struct HashPair<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    public TKey Key;

    public TValue Value;
}
