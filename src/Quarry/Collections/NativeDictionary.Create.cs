using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>Creates dictionaries in memory of the application's allocator, <see cref="Global"/>.</summary>
public static class NativeDictionary
{
    /// <summary>Creates an empty dictionary.</summary>
    /// <param name="capacity">The number of entries to reserve memory for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeDictionary<TKey, TValue, Global> Create<TKey, TValue>(int capacity = 0)
        where TKey : unmanaged
        where TValue : unmanaged => new(default, capacity);

    /// <summary>
    /// Creates a dictionary with entries, on an allocator whose default value can be used. Collection
    /// expressions call this method.
    /// </summary>
    /// <param name="entries">The entries; the last one of equal keys counts.</param>
    /// <exception cref="InvalidOperationException">The allocator has to be created first.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public static NativeDictionary<TKey, TValue, TAllocator> Create<TKey, TValue, TAllocator>(
        ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        where TKey : unmanaged
        where TValue : unmanaged
        where TAllocator : unmanaged, IAllocator => new(default, entries);
}
