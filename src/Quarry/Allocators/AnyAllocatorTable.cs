using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The functions of an allocator's type, for <see cref="AnyAllocator"/>.</summary>
/// <remarks>
/// Each gets the slot and the serial number of a <see cref="StateHandle{T}"/>, in which the allocator is
/// stored.
/// </remarks>
internal unsafe struct AnyAllocatorTable
{
    public delegate*<void*, nuint, Layout, void*> Allocate;
    public delegate*<void*, nuint, Layout, void*> AllocateZeroed;
    public delegate*<void*, nuint, void*, Layout, void> Deallocate;
    public delegate*<void*, nuint, void*, Layout, nuint, void*> Reallocate;
    public delegate*<void*, nuint, void*, Layout, nuint, bool> TryResize;
    public delegate*<void*, nuint, bool> IsCurrent;
    public delegate*<void*, nuint, void> Dispose;
    public delegate*<void*, Exception?> Failure;
    public delegate*<string> Name;
    public AllocatorTraits Traits;

    /// <summary>Returns the table of a type, which stays as long as the type.</summary>
    internal static AnyAllocatorTable* Of<TInner>() where TInner : unmanaged, IAllocator =>
        Calls<TInner>.Table;

    private static class Calls<TInner> where TInner : unmanaged, IAllocator
    {
        internal static readonly AnyAllocatorTable* Table = Create();

        private static AnyAllocatorTable* Create()
        {
            var table = (AnyAllocatorTable*)RuntimeHelpers.AllocateTypeAssociatedMemory(
                typeof(Calls<TInner>), sizeof(AnyAllocatorTable));
            *table = new AnyAllocatorTable
            {
                Allocate = &Allocate,
                AllocateZeroed = &AllocateZeroed,
                Deallocate = &Deallocate,
                Reallocate = &Reallocate,
                TryResize = &TryResize,
                IsCurrent = &IsCurrent,
                Dispose = &Dispose,
                Failure = &Failure,
                Name = &Name,
                Traits = TInner.Traits,
            };
            return table;
        }

        private static void* Allocate(void* slot, nuint serial, Layout layout) =>
            IsCurrent(slot, serial) ? Inner(slot)->Allocate(layout) : null;

        private static void* AllocateZeroed(void* slot, nuint serial, Layout layout) =>
            IsCurrent(slot, serial) ? Inner(slot)->AllocateZeroed(layout) : null;

        private static void Deallocate(void* slot, nuint serial, void* block, Layout layout)
        {
            if (IsCurrent(slot, serial))
            {
                Inner(slot)->Deallocate(block, layout);
            }
        }

        private static void* Reallocate(
            void* slot, nuint serial, void* block, Layout layout, nuint newSize) =>
            IsCurrent(slot, serial) ? Inner(slot)->Reallocate(block, layout, newSize) : null;

        private static bool TryResize(void* slot, nuint serial, void* block, Layout layout, nuint newSize) =>
            IsCurrent(slot, serial) && Inner(slot)->TryResize(block, layout, newSize);

        private static bool IsCurrent(void* slot, nuint serial) =>
            StateHandle<TInner>.Of(slot, serial).IsCurrent;

        private static void Dispose(void* slot, nuint serial)
        {
            StateHandle<TInner> handle = StateHandle<TInner>.Of(slot, serial);
            if (handle.TryRetire())
            {
                handle.Release();
            }
        }

        private static Exception? Failure(void* slot) => Dead.Of(*Inner(slot));

        private static string Name() => typeof(TInner).Name;

        private static TInner* Inner(void* slot) => StateHandle<TInner>.Of(slot, 0).Pointer;
    }
}
