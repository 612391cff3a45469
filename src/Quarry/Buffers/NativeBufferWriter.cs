using System;
using System.Buffers;
using System.Collections.Generic;

namespace Quarry;

/// <summary>Memory of an allocator that is written to and grows: the twin of ArrayBufferWriter.</summary>
/// <remarks>
/// <para>
/// What is written lies in one block, which grows by reallocation: large blocks of a <see cref="Heap"/> then
/// move without being copied. A block that has its largest length, of 2^30 elements unless set, is followed
/// by another one, so there is no limit to what can be written; <see cref="WrittenSequence"/> shows all of
/// it. The smaller the largest length, the less is ever copied.
/// </para>
/// <para>
/// Memory that was asked for is good until the next call of <see cref="GetMemory"/>, <see cref="GetSpan"/> or
/// <see cref="Advance"/>; views of what is written, until the next write. A view that is pinned stays where
/// it is. After <see cref="Dispose"/>, memory throws <see cref="ObjectDisposedException"/>. For one thread
/// at a time.
/// </para>
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TAllocator">Where the memory comes from.</typeparam>
public sealed class NativeBufferWriter<T, TAllocator> : IBufferWriter<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    /// <summary>The most elements of a block unless another number is given.</summary>
    public const int DefaultMaxSegmentLength = 1 << 30;

    private const int FirstLength = 256;

    private readonly TAllocator _allocator;
    private readonly int _maxSegmentLength;
    private readonly List<BufferSegment<T, TAllocator>> _segments = [];

    // The segment that is written to; those behind it are empty, left from before a reset. It is null before
    // the first write and after the writer was disposed, so that a write checks for both at once.
    private int _current;
    private BufferSegment<T, TAllocator>? _segment;

    // The number of elements in the segments before it.
    private nint _before;
    private bool _disposed;

    /// <summary>Makes a writer; it takes no memory yet.</summary>
    /// <param name="allocator">Where the memory comes from, and goes back to.</param>
    /// <param name="maxSegmentLength">
    /// The most elements of a block, unless more are asked for at once.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public NativeBufferWriter(TAllocator allocator, int maxSegmentLength = DefaultMaxSegmentLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSegmentLength);
        _allocator = allocator;
        _maxSegmentLength = maxSegmentLength;
    }

    /// <summary>Gets the number of elements written.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongWrittenCount"/>.
    /// </exception>
    public int WrittenCount => CollectionMemory.ToInt(LongWrittenCount);

    /// <summary>Gets the number of elements written.</summary>
    public nint LongWrittenCount => _before + (_segment?.Written ?? 0);

    /// <summary>Gets the number of elements that there is memory for.</summary>
    /// <exception cref="OverflowException">
    /// The number exceeds <see cref="int.MaxValue"/>; use <see cref="LongCapacity"/>.
    /// </exception>
    public int Capacity => CollectionMemory.ToInt(LongCapacity);

    /// <summary>Gets the number of elements that can be written without allocating.</summary>
    public int FreeCapacity => _segment?.Free ?? 0;

    /// <summary>Gets the number of elements that there is memory for.</summary>
    public nint LongCapacity
    {
        get
        {
            nint capacity = 0;
            foreach (BufferSegment<T, TAllocator> segment in _segments)
            {
                capacity += segment.Capacity;
            }

            return capacity;
        }
    }

    /// <summary>Everything written.</summary>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public ReadOnlySequence<T> WrittenSequence
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (LongWrittenCount == 0)
            {
                return ReadOnlySequence<T>.Empty;
            }

            BufferSegment<T, TAllocator> first = _segments[0], last = first;
            first.Link(before: null);
            for (int index = 1; index <= _current; index++)
            {
                _segments[index].Link(last);
                last = _segments[index];
            }

            return new ReadOnlySequence<T>(first, 0, last, last.Written);
        }
    }

    /// <summary>Everything written, if it lies in one block.</summary>
    /// <exception cref="InvalidOperationException">
    /// It lies in several; <see cref="WrittenSequence"/> has all.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public ReadOnlyMemory<T> WrittenMemory
    {
        get
        {
            ReadOnlySequence<T> written = WrittenSequence;
            return written.IsSingleSegment
                ? written.First
                : throw new InvalidOperationException(
                    $"{LongWrittenCount} elements lie in {_current + 1} blocks: "
                    + $"take {nameof(WrittenSequence)}.");
        }
    }

    /// <summary>Everything written, if it lies in one block.</summary>
    /// <exception cref="InvalidOperationException">
    /// It lies in several; <see cref="WrittenSequence"/> has all.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public ReadOnlySpan<T> WrittenSpan => WrittenMemory.Span;

    /// <summary>Says how many elements were written to the memory that was asked for last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException">There is no memory for so many.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Advance(int count)
    {
        BufferSegment<T, TAllocator>? segment = _segment;
        if (segment == null || (uint)count > (uint)segment.Free)
        {
            VerifyAdvance(count);
            return;
        }

        segment.Written += count;
    }

    /// <summary>Memory to write to.</summary>
    /// <param name="sizeHint">The fewest elements it has; 0 for one at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public Memory<T> GetMemory(int sizeHint = 0) => FreeSegment(sizeHint).FreeMemory;

    /// <inheritdoc cref="GetMemory"/>
    public Span<T> GetSpan(int sizeHint = 0) => FreeSegment(sizeHint).FreeSpan;

    /// <summary>Forgets what is written and keeps the memory.</summary>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void ResetWrittenCount()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (BufferSegment<T, TAllocator> segment in _segments)
        {
            segment.Written = 0;
        }

        _current = 0;
        _segment = _segments.Count == 0 ? null : _segments[0];
        _before = 0;
    }

    /// <summary>Overwrites what is written with zeros, forgets it and keeps the memory.</summary>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Clear()
    {
        foreach (BufferSegment<T, TAllocator> segment in _segments)
        {
            segment.Clear();
        }

        ResetWrittenCount();
    }

    /// <summary>Gives the memory back. Doing so again is harmless.</summary>
    public void Dispose()
    {
        _disposed = true;
        _segment = null;
        _before = 0;
        foreach (BufferSegment<T, TAllocator> segment in _segments)
        {
            segment.Dispose();
        }

        _segments.Clear();
    }

    // Advancing by nothing is allowed without memory, too.
    private void VerifyAdvance(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > 0)
        {
            throw new InvalidOperationException(
                $"Cannot advance by {count}: there is memory for {FreeCapacity} elements.");
        }
    }

    // A negative number is larger than any other as an unsigned one.
    private BufferSegment<T, TAllocator> FreeSegment(int sizeHint)
    {
        BufferSegment<T, TAllocator>? segment = _segment;
        return segment != null && (uint)sizeHint < (uint)segment.Free ? segment : SegmentFor(sizeHint);
    }

    private BufferSegment<T, TAllocator> SegmentFor(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = Math.Max(sizeHint, 1);
        if (_segment == null)
        {
            _segment = new(_allocator, LengthFor(needed, FirstLength));
            _segments.Add(_segment);
        }

        BufferSegment<T, TAllocator> segment = _segment;
        if (segment.Free >= needed)
        {
            return segment;
        }

        long wanted = (long)segment.Written + needed;
        if (wanted <= _maxSegmentLength || segment.Written == 0)
        {
            segment.Grow(LengthFor((int)wanted, 2L * segment.Capacity));
            return segment;
        }

        return Next(segment, needed);
    }

    /// <summary>Goes on to the next segment, left from before or new, that has so much memory.</summary>
    private BufferSegment<T, TAllocator> Next(BufferSegment<T, TAllocator> full, int needed)
    {
        int next = _current + 1;
        if (next == _segments.Count)
        {
            _segments.Add(new(_allocator, LengthFor(needed, full.Capacity)));
        }
        else if (_segments[next].Free < needed)
        {
            _segments[next].Grow(LengthFor(needed, 0));
        }

        _before += full.Written;
        _current = next;
        _segment = _segments[next];
        return _segment;
    }

    private int LengthFor(int needed, long preferred) =>
        Math.Max(needed, (int)Math.Min(preferred, _maxSegmentLength));
}
