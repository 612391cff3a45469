using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Records every call of an allocator, as lines of text or in a ring buffer, without allocating.
/// </summary>
/// <remarks>
/// <para>
/// On a file descriptor, each event is one line, written by one system call, which takes about a microsecond:
/// lines of several threads do not mix, and none is lost if the process is killed. In a
/// <see cref="TraceRing"/>, an event is a record of 64 bytes and takes about 0.1 µs, most of it for the
/// clock.
/// </para>
/// <para>
/// An event that frees an address is recorded before the call; an event that allocates one, after the call. A
/// reallocation does both, and is recorded twice. <see cref="UsableSize"/> and <see cref="Owns"/> are not
/// recorded.
/// </para>
/// <para>
/// The allocator has no state, needs no disposal, and has all traits of the inner allocator.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Tracing<TInner> : IAllocator where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly TraceRing _ring;
    private readonly int _descriptor;

    /// <summary>Initializes a new instance that writes lines of text to a file descriptor.</summary>
    /// <param name="inner">The inner allocator.</param>
    /// <param name="descriptor">
    /// An open file descriptor, by default standard error. It is not closed by the allocator. Lines that
    /// cannot be written are lost.
    /// </param>
    public Tracing(TInner inner, int descriptor = StandardError.Descriptor)
    {
        _inner = inner;
        _ring = default;
        _descriptor = descriptor;
    }

    /// <summary>Initializes a new instance that writes to a ring buffer.</summary>
    /// <param name="inner">The inner allocator.</param>
    /// <param name="ring">The ring buffer. It must outlive the allocator.</param>
    public Tracing(TInner inner, TraceRing ring)
    {
        _inner = inner;
        _ring = ring;
        _descriptor = StandardError.Descriptor;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => TInner.Traits;

    /// <summary>Gets the inner allocator. Calls made to it directly are not recorded.</summary>
    public TInner Inner => _inner;

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        void* block = _inner.Allocate(layout);
        Record(TraceEventKind.Allocate, block, layout);
        return block;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        void* block = _inner.AllocateZeroed(layout);
        Record(TraceEventKind.AllocateZeroed, block, layout);
        return block;
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            Record(TraceEventKind.Deallocate, block, layout);
        }

        _inner.Deallocate(block, layout);
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Record(TraceEventKind.Reallocating, block, layout, null, newSize);
        void* moved = _inner.Reallocate(block, layout, newSize);
        Record(TraceEventKind.Reallocate, block, layout, moved, newSize);
        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = _inner.TryResize(block, layout, newSize);
        if (resized)
        {
            Record(TraceEventKind.Resize, block, layout, block, newSize);
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
            Record(TraceEventKind.DeallocateAll, null, default);
            _inner.DeallocateAll();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Record(
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
            Nanoseconds = TraceClock.Now,
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
