using System;
using System.Buffers;

namespace Quarry;

/// <content>Collections of any length as sequences.</content>
public static partial class NativeMemoryExtensions
{
    private const int DefaultMaxSegmentLength = 1 << 30;

    /// <summary>Returns the elements of a list as a sequence, also if a span cannot hold them.</summary>
    /// <param name="list">The list, of which elements that are added later are not in the sequence.</param>
    /// <param name="maxSegmentLength">The maximum number of elements of a segment; 2^30 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public static ReadOnlySequence<T> AsReadOnlySequence<T, TAllocator>(
        this NativeList<T, TAllocator> list, int maxSegmentLength = DefaultMaxSegmentLength)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        Sequence<T, ListSource<T, TAllocator>> sequence = new(new(list), maxSegmentLength);
        sequence.Append(0, list.LongCount);
        return sequence.ToReadOnlySequence();
    }

    /// <summary>Returns the elements of an array as a sequence, also if a span cannot hold them.</summary>
    /// <param name="array">The array.</param>
    /// <param name="maxSegmentLength">The maximum number of elements of a segment; 2^30 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public static ReadOnlySequence<T> AsReadOnlySequence<T, TAllocator>(
        this NativeArray<T, TAllocator> array, int maxSegmentLength = DefaultMaxSegmentLength)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        Sequence<T, ArraySource<T, TAllocator>> sequence = new(new(array), maxSegmentLength);
        sequence.Append(0, array.LongLength);
        return sequence.ToReadOnlySequence();
    }

    /// <summary>Returns the elements of a queue as a sequence, the first one first.</summary>
    /// <param name="queue">
    /// The queue, which must not change while the sequence is in use: its elements are in a ring.
    /// </param>
    /// <param name="maxSegmentLength">The maximum number of elements of a segment; 2^30 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public static ReadOnlySequence<T> AsReadOnlySequence<T, TAllocator>(
        this NativeQueue<T, TAllocator> queue, int maxSegmentLength = DefaultMaxSegmentLength)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        Sequence<T, QueueSource<T, TAllocator>> sequence = new(new(queue), maxSegmentLength);
        sequence.Append(0, queue.CountToEnd);
        sequence.Append(queue.CountToEnd, queue.LongCount);
        return sequence.ToReadOnlySequence();
    }

    private readonly struct QueueSource<T, TAllocator>(NativeQueue<T, TAllocator> queue) : ISpanSource<T>
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        public Span<T> Part(nint start, int length) => queue.AsSpan(start, length);
    }

    private struct Sequence<T, TSource>
        where T : unmanaged
        where TSource : struct, ISpanSource<T>
    {
        private readonly TSource _source;
        private readonly int _maxSegmentLength;
        private CollectionSegment<T>? _first, _last;

        internal Sequence(TSource source, int maxSegmentLength)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSegmentLength);
            _source = source;
            _maxSegmentLength = maxSegmentLength;
        }

        internal void Append(nint start, nint end)
        {
            while (start < end)
            {
                int length = (int)nint.Min(end - start, _maxSegmentLength);
                CollectionMemoryManager<T, TSource> manager = new(_source, start, length);
                _last = new CollectionSegment<T>(manager.Memory, _last);
                _first ??= _last;
                start += length;
            }
        }

        internal readonly ReadOnlySequence<T> ToReadOnlySequence() => _first == null
            ? ReadOnlySequence<T>.Empty
            : new ReadOnlySequence<T>(_first, 0, _last!, _last!.Memory.Length);
    }
}
