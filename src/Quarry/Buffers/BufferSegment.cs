using System;
using System.Buffers;

namespace Quarry;

/// <summary>One block of a <see cref="NativeBufferWriter{T, TAllocator}"/>.</summary>
internal sealed class BufferSegment<T, TAllocator>(TAllocator allocator, int length)
    : ReadOnlySequenceSegment<T>, IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private NativeMemoryManager<T, TAllocator> _block = new(allocator, length);

    /// <summary>The number of elements written.</summary>
    internal int Written { get; set; }

    internal int Capacity => _block.GetSpan().Length;

    internal int Free => Capacity - Written;

    internal Memory<T> FreeMemory => _block.Memory[Written..];

    internal Span<T> FreeSpan => _block.GetSpan()[Written..];

    /// <summary>Makes the block longer; a pinned one stays beside its copy until it is unpinned.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it; nothing has changed.</exception>
    internal void Grow(int newLength)
    {
        if (_block.TryReallocate(newLength))
        {
            return;
        }

        var copy = new NativeMemoryManager<T, TAllocator>(allocator, newLength);
        _block.GetSpan()[..Written].CopyTo(copy.GetSpan());
        _block.Dispose();
        _block = copy;
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
}
