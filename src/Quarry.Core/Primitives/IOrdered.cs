namespace Quarry;

/// <summary>Items that <see cref="HeapSort{T}"/> can sort.</summary>
internal interface IOrdered<T>
{
    /// <summary>Determines whether this item comes before another one.</summary>
    bool IsBefore(in T other);
}
