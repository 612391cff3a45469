using System;
using System.IO;

namespace Quarry;

/// <summary>Collections as the types that the BCL's methods for input and output take.</summary>
/// <remarks>
/// Each call allocates an object, or two for each segment of a sequence. It does not own the collection: it
/// follows the elements when the collection grows, and throws <see cref="ObjectDisposedException"/> once it
/// is disposed.
/// </remarks>
public static partial class NativeMemoryExtensions
{
    /// <summary>Returns the elements of a list as memory.</summary>
    /// <remarks>The list must not grow while the memory is pinned or in use as a span.</remarks>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public static Memory<T> AsMemory<T, TAllocator>(this NativeList<T, TAllocator> list)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        new CollectionMemoryManager<T, ListSource<T, TAllocator>>(new(list), 0, list.Count).Memory;

    /// <summary>Returns the elements of an array as memory.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public static Memory<T> AsMemory<T, TAllocator>(this NativeArray<T, TAllocator> array)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        new CollectionMemoryManager<T, ArraySource<T, TAllocator>>(new(array), 0, array.Length).Memory;

    /// <summary>
    /// Returns a stream over a list of bytes: it reads and writes in place, and the list grows. The position
    /// is 0 at first. Disposing the stream does nothing.
    /// </summary>
    /// <remarks>
    /// Writing throws <see cref="OutOfMemoryException"/> if the allocator is out of memory.
    /// </remarks>
    public static Stream AsStream<TAllocator>(this NativeList<byte, TAllocator> list)
        where TAllocator : unmanaged, IAllocator => new NativeListStream<TAllocator>(list);

    private readonly struct ListSource<T, TAllocator>(NativeList<T, TAllocator> list) : ISpanSource<T>
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        public Span<T> Part(nint start, int length) => list.AsSpan(start, length);
    }

    private readonly struct ArraySource<T, TAllocator>(NativeArray<T, TAllocator> array) : ISpanSource<T>
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        public Span<T> Part(nint start, int length) => array.AsSpan(start, length);
    }
}
