using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Spans; what is asked for is told by the type of the variable.</content>
public static unsafe partial class AllocatorExtensions
{
    extension<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        /// <summary>
        /// Takes a block of elements, all zero:
        /// <c>heap.AllocateZeroedSpan(100, out Span&lt;int&gt; numbers)</c>.
        /// </summary>
        /// <param name="count">The number of elements. None needs no memory.</param>
        /// <param name="span">The elements.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The number is negative, or more than a span can hold.
        /// </exception>
        /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
        public void AllocateZeroedSpan<T>(nint count, out Span<T> span) where T : unmanaged
        {
            if (!allocator.TryAllocateZeroedSpan(count, out span))
            {
                Throw.Unserved(allocator, Layout.Array<T>(count));
            }
        }

        /// <summary>Takes a block of elements, all zero, if the allocator can serve it.</summary>
        /// <param name="count">The number of elements. None needs no memory.</param>
        /// <param name="span">The elements, or an empty span.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The number is negative, or more than a span can hold.
        /// </exception>
        public bool TryAllocateZeroedSpan<T>(nint count, out Span<T> span) where T : unmanaged
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue);
            Layout layout = Layout.Array<T>(count);
            void* first = count == 0 ? null : allocator.AllocateZeroed(layout);
            span = first == null ? default : new Span<T>(first, (int)count);
            return span.Length == count;
        }

        /// <summary>Takes a block for a copy of the elements.</summary>
        /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
        public Span<T> CopySpan<T>(ReadOnlySpan<T> elements) where T : unmanaged
        {
            if (elements.IsEmpty)
            {
                return default;
            }

            Layout layout = Layout.Array<T>(elements.Length);
            var copy = new Span<T>(Served(allocator, allocator.Allocate(layout), layout), elements.Length);
            elements.CopyTo(copy);
            return copy;
        }

        /// <summary>Gives back a whole span that was taken here. An empty one is harmless.</summary>
        public void FreeSpan<T>(Span<T> span) where T : unmanaged
        {
            if (!span.IsEmpty)
            {
                void* first = Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));
                allocator.Deallocate(first, Layout.Array<T>(span.Length));
            }
        }
    }
}
