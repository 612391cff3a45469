using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Single values.</content>
public static unsafe partial class AllocatorExtensions
{
    extension<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        /// <summary>Takes a block for a value and puts it there.</summary>
        /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T* New<T>(in T value) where T : unmanaged
        {
            T* item = (T*)Served(allocator, allocator.Allocate(Layout.Of<T>()), Layout.Of<T>());
            *item = value;
            return item;
        }

        /// <summary>Takes a block for a value and puts it there, if the allocator can serve it.</summary>
        /// <param name="value">The value.</param>
        /// <param name="item">Where it is, or null.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryNew<T>(in T value, out T* item) where T : unmanaged
        {
            item = (T*)allocator.Allocate(Layout.Of<T>());
            if (item != null)
            {
                *item = value;
            }

            return item != null;
        }

        /// <summary>Gives back what <c>New</c> took. Null is harmless.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Delete<T>(T* item) where T : unmanaged => allocator.Deallocate(item, Layout.Of<T>());
    }
}
