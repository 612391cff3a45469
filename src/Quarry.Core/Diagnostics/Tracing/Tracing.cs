using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Tells of every request to an allocator, as a line of text or as a record in a ring, without allocating.
/// </summary>
/// <remarks>
/// <para>
/// To a descriptor, each event is one line and one system call, so the lines of several threads do not mix
/// and nothing is lost when the process dies; a microsecond or so. Into a <see cref="TraceRing"/> it is a
/// record of 64 bytes, some 0.1 µs, most of it for the time.
/// </para>
/// <para>
/// An event that frees an address is told before the address is free, one that takes an address after it was
/// taken. As a reallocation does both, it is told before and after. Reading the figures of a block is not
/// told.
/// </para>
/// <para>It has no state: nothing is to be disposed of, and all traits are those of the allocator.</para>
/// </remarks>
/// <typeparam name="TInner">The allocator that serves the requests.</typeparam>
public readonly unsafe struct Tracing<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly TraceRing _ring;
    private readonly int _descriptor;

    /// <summary>Traces as lines of text to a file descriptor.</summary>
    /// <param name="inner">The allocator that serves the requests.</param>
    /// <param name="descriptor">
    /// An open one, standard error by default. It stays the caller's. If it refuses a line, the line is lost.
    /// </param>
    public Tracing(TInner inner, int descriptor = StandardError.Descriptor)
    {
        _inner = inner;
        _ring = default;
        _descriptor = descriptor;
    }

    /// <summary>Traces into a ring.</summary>
    public Tracing(TInner inner, TraceRing ring)
    {
        _inner = inner;
        _ring = ring;
        _descriptor = StandardError.Descriptor;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>The allocator that serves the requests. What is asked of it directly is not told.</summary>
    public TInner Inner => _inner;

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = _inner.Allocate(layout);
        Tell(TraceEventKind.Allocate, block, layout);
        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _inner.AllocateZeroed(layout);
        Tell(TraceEventKind.AllocateZeroed, block, layout);
        return block;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            Tell(TraceEventKind.Deallocate, block, layout);
        }

        _inner.Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Tell(TraceEventKind.Reallocating, block, layout, null, newSize);
        void* moved = _inner.Reallocate(block, layout, newSize);
        Tell(TraceEventKind.Reallocate, block, layout, moved, newSize);
        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _inner.TryResize(block, layout, newSize);
        if (resized)
        {
            Tell(TraceEventKind.Resize, block, layout, block, newSize);
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0)
        {
            Tell(TraceEventKind.DeallocateAll, null, default);
            _inner.DeallocateAll();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(
        TraceEventKind kind, void* block, Layout layout, void* newBlock = null, nuint newSize = 0)
    {
        TraceEvent trace = new()
        {
            Kind = kind,
            Address = (nuint)block,
            Size = layout.Size,
            Alignment = layout.Alignment,
            NewAddress = (nuint)newBlock,
            NewSize = newSize,
            Thread = ThreadToken.Current,
            Ticks = TraceClock.Now,
        };
        if (!_ring.IsDefault)
        {
            _ring.Write(&trace);
            return;
        }

        TextBuffer line = new(stackalloc byte[TraceText.MaxLength]);
        TraceText.Append(ref line, &trace);
        line.Append((byte)'\n');
        if (_descriptor == StandardError.Descriptor)
        {
            StandardError.Write(ref line);
            return;
        }

        fixed (byte* bytes = line.Text)
        {
            _ = Os.Write(_descriptor, bytes, (nuint)line.Length);
        }
    }
}
