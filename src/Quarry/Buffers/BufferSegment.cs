using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>One block of a <see cref="NativeBufferWriter{T, TAllocator}"/>.</summary>
internal sealed unsafe class BufferSegment<T, TAllocator> : ReadOnlySequenceSegment<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly TAllocator _allocator;
    private NativeMemoryManager<T, TAllocator> _block;

    // The start of the block, and its length in Capacity: each write would otherwise ask the manager, which
    // checks whether it was disposed.
    private T* _start;

    internal BufferSegment(TAllocator allocator, int length)
    {
        _allocator = allocator;
        _block = new(allocator, length);
        ReadBlock();
    }

    /// <summary>The number of elements written.</summary>
    internal int Written { get; set; }

    internal int Capacity { get; private set; }

    internal int Free => Capacity - Written;

    internal Memory<T> FreeMemory => _block.Memory[Written..];

    internal Span<T> FreeSpan => new(_start + Written, Free);

    /// <summary>Makes the block longer; a pinned one stays beside its copy until it is unpinned.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it; nothing has changed.</exception>
    internal void Grow(int newLength)
    {
        if (!_block.TryReallocate(newLength))
        {
            var copy = new NativeMemoryManager<T, TAllocator>(_allocator, newLength);
            _block.GetSpan()[..Written].CopyTo(copy.GetSpan());
            _block.Dispose();
            _block = copy;
        }

        ReadBlock();
    }

    /// <summary>Becomes the segment of a sequence that follows another one.</summary>
    internal void Link(BufferSegment<T, TAllocator>? before)
    {
        Memory = _block.Memory[..Written];
        RunningIndex = before == null ? 0 : before.RunningIndex + before.Written;
        Next = null;
        before?.Next = this;
    }

    internal void Clear() => _block.GetSpan()[..Written].Clear();

    public void Dispose() => _block.Dispose();

    private void ReadBlock()
    {
        Span<T> elements = _block.GetSpan();
        _start = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(elements));
        Capacity = elements.Length;
    }
}
