using System;
using System.Runtime.InteropServices;

namespace Quarry.Tests.Collections;

/// <summary>
/// An allocator that counts what it serves, notices a wrong layout, and fails when told to. Blocks can grow
/// where they lie as long as they are small.
/// </summary>
public readonly unsafe struct Metered : IAllocator, IDisposable
{
    // Room for the layout of the block, and a multiple of every alignment in use.
    private const int Prefix = 64;

    // The room of a small block.
    private const int Room = 512;

    private readonly Figures* _figures;

    private Metered(Figures* figures) => _figures = figures;

    public static AllocatorTraits Traits => AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace;

    /// <summary>The blocks that are in use.</summary>
    public int Blocks => _figures->Blocks;

    /// <summary>The bytes that are in use.</summary>
    public nint Bytes => _figures->Bytes;

    /// <summary>How often a block came back with another layout than it was taken with.</summary>
    public int WrongLayouts => _figures->WrongLayouts;

    public static Metered Create()
    {
        var figures = (Figures*)NativeMemory.AllocZeroed((nuint)sizeof(Figures));
        figures->Served = int.MaxValue;
        return new Metered(figures);
    }

    /// <summary>Serves so many requests more, and none after them.</summary>
    public void FailAfter(int requests) => _figures->Served = requests;

    /// <summary>Serves all requests again.</summary>
    public void Recover() => FailAfter(int.MaxValue);

    public void* Allocate(Layout layout)
    {
        if (_figures->Served == 0 || layout.Size > 1u << 30)
        {
            return null;
        }

        _figures->Served--;
        _figures->Blocks++;
        _figures->Bytes += (nint)layout.Size;
        nuint room = Math.Max(layout.Size, Room);
        byte* block = (byte*)NativeMemory.AlignedAlloc(room + Prefix, Prefix) + Prefix;
        LayoutOf(block) = layout;
        new Span<byte>(block, (int)layout.Size).Fill(0xCD);
        return block;
    }

    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            Check(block, layout);
            _figures->Blocks--;
            _figures->Bytes -= (nint)layout.Size;
            new Span<byte>(block, (int)layout.Size).Fill(0xDD);
            NativeMemory.AlignedFree((byte*)block - Prefix);
        }
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Check(block, layout);
        bool fits = newSize <= Math.Max(layout.Size, Room) && _figures->Served != 0;
        if (fits)
        {
            _figures->Bytes += (nint)newSize - (nint)layout.Size;
            LayoutOf(block) = Layout.Create(newSize, layout.Alignment);
        }

        return fits;
    }

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public bool Owns(void* block) => false;

    public void DeallocateAll()
    {
    }

    public void Dispose() => NativeMemory.Free(_figures);

    private void Check(void* block, Layout layout)
    {
        Layout taken = LayoutOf(block);
        bool right = taken.Size == layout.Size && taken.Alignment == layout.Alignment;
        _figures->WrongLayouts += right ? 0 : 1;
    }

    private static ref Layout LayoutOf(void* block) => ref *(Layout*)((byte*)block - Prefix);

    private struct Figures
    {
        public int Served, Blocks, WrongLayouts;
        public nint Bytes;
    }
}
