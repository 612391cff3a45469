using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The exceptions for handles of collections and allocators that are not alive.</summary>
/// <remarks>
/// <see cref="ObjectDisposedException"/> is an <see cref="InvalidOperationException"/>, so one type catches
/// all of them.
/// </remarks>
internal static class Dead
{
    /// <summary>The handle is the default value.</summary>
    internal static InvalidOperationException NotCreated(string typeName) =>
        new($"The {typeName} is the default value, which was never created; use a constructor or Create.");

    /// <summary>The collection or the allocator was disposed.</summary>
    internal static ObjectDisposedException Disposed(string typeName) =>
        new(typeName, $"The {typeName} was disposed.");

    /// <summary>The allocator has freed the memory of a collection that was not disposed.</summary>
    internal static ObjectDisposedException Abandoned(string typeName) => new(
        typeName,
        $"The allocator of the {typeName} was disposed, reset or rewound, and has freed its memory.");

    /// <summary>
    /// Returns what is wrong with an allocator, or with one it is built on; null if all of them are alive.
    /// For slow paths, as it may box the allocator.
    /// </summary>
    internal static Exception? Of<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator
    {
        // Those that others are mostly built on are not boxed: the JIT removes these conversions.
        if (typeof(TAllocator) == typeof(PageAllocator))
        {
            return ((PageAllocator)(object)allocator).IsDefault ? NotCreated(nameof(PageAllocator)) : null;
        }

        return typeof(TAllocator) == typeof(Heap)
            ? ((Heap)(object)allocator).Failure
            : (allocator as IMortal)?.Failure;
    }

    /// <summary>
    /// Determines whether an allocator is the default value of a type that has to be created. Constant for
    /// other types.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe bool IsDefault<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator =>
        (default(TAllocator) is IMortal || typeof(TAllocator) == typeof(PageAllocator))
        && *(nuint*)&allocator == 0
        && IsDefaultThroughout(allocator);

    // Types with state have words only, and an allocator without state inside of them may be a word of zeros.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe bool IsDefaultThroughout<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator
    {
        ReadOnlySpan<byte> bytes = new(&allocator, sizeof(TAllocator));
        return !bytes.ContainsAnyExcept((byte)0) && Of(allocator) != null;
    }
}
