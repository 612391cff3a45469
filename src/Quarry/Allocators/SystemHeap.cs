using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The platform's own allocator: <c>malloc</c> and <c>free</c>, by <see cref="NativeMemory"/>.
/// </summary>
/// <remarks>
/// So it is whatever allocator the process was started on. Alignments above <see cref="NaturalAlignment"/>
/// take the platform's aligned functions, and the layout tells which of the two a block came from.
/// Thread-safe; without state, so the default value is ready for use and there is nothing to dispose.
/// </remarks>
public readonly unsafe struct SystemHeap : IAllocator
{
    /// <summary>The alignment, in bytes, that every block of the platform has.</summary>
    public const int NaturalAlignment = 16;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => AllocatorTraits.Deallocates | AllocatorTraits.ThreadSafe;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout)
    {
        // malloc may return null for 0 bytes, which would mean that it is out of memory.
        return SystemMalloc.IsAvailable && IsNatural(layout) && layout.Size != 0
            ? SystemMalloc.Malloc(layout.Size)
            : AllocateOther(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        if (!IsNatural(layout))
        {
            return AllocatorDefaults.AllocateZeroed(this, layout);
        }

        try
        {
            return NativeMemory.AllocZeroed(layout.Size);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (SystemMalloc.IsAvailable && IsNatural(layout))
        {
            SystemMalloc.Free(block);
        }
        else
        {
            DeallocateOther(block, layout);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (!Layout.TryCreate(newSize, layout.Alignment, out _))
        {
            return null;
        }

        try
        {
            return IsNatural(layout)
                ? NativeMemory.Realloc(block, newSize)
                : NativeMemory.AlignedRealloc(block, newSize, layout.Alignment);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    /// <returns>Whether it is to shrink: the platform has no way to ask for more in place.</returns>
    public bool TryResize(void* block, Layout layout, nuint newSize) => newSize <= layout.Size;

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    /// <returns>False: the platform cannot tell.</returns>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateOther(Layout layout)
    {
        try
        {
            return IsNatural(layout)
                ? NativeMemory.Alloc(layout.Size)
                : NativeMemory.AlignedAlloc(layout.Size, layout.Alignment);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DeallocateOther(void* block, Layout layout)
    {
        if (IsNatural(layout))
        {
            NativeMemory.Free(block);
        }
        else
        {
            NativeMemory.AlignedFree(block);
        }
    }

    private static bool IsNatural(Layout layout) => layout.Alignment <= NaturalAlignment;
}
