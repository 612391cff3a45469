using System;
using System.Buffers;

namespace Quarry;

/// <summary>The elements of a collection as <see cref="Memory{T}"/>, without owning them.</summary>
/// <remarks>
/// It asks the collection for its elements at each use, so it follows them when the collection grows, and
/// throws once the collection is disposed.
/// </remarks>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <typeparam name="TSource">The collection.</typeparam>
/// <param name="source">The collection.</param>
/// <param name="start">The index of the first element.</param>
/// <param name="length">The number of elements.</param>
internal sealed unsafe class CollectionMemoryManager<T, TSource>(TSource source, nint start, int length)
    : MemoryManager<T>
    where T : unmanaged
    where TSource : struct, ISpanSource<T>
{
    public override Span<T> GetSpan() => source.Part(start, length);

    /// <remarks>The collection must not grow while it is pinned. The memory never moves by itself.</remarks>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Span<T> rest = GetSpan()[elementIndex..];
        fixed (T* first = rest)
        {
            return new MemoryHandle(first);
        }
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
