using System.Collections.Generic;
using System.Linq;

namespace Quarry.Core.Tests;

/// <summary>What a heap should hold: its blocks with their contents, and the figures that follow.</summary>
internal sealed unsafe class BlockModel(Heap heap)
{
    private readonly Heap _heap = heap;
    private readonly List<ModelBlock> _blocks = [];
    private uint _seeds;

    internal int Count => _blocks.Count;

    internal nuint Allocations { get; private set; }

    internal nuint InUseBytes => _blocks.Aggregate((nuint)0, (sum, block) => sum + block.Usable);

    /// <summary>Takes a block and fills it; false if anything about it is wrong.</summary>
    internal bool Allocate(nuint size, nuint alignment, bool zeroed)
    {
        if (!Layout.TryCreate(size, alignment, out Layout layout))
        {
            return false;
        }

        void* block = zeroed ? _heap.AllocateZeroed(layout) : _heap.Allocate(layout);
        bool good = block != null && (!zeroed || Pattern.IsZero(block, size));
        Allocations++;
        return good && Add(block, layout);
    }

    internal bool Free(int which)
    {
        int index = which % _blocks.Count;
        ModelBlock block = _blocks[index];
        bool good = IsIntact(block);
        _heap.Deallocate((void*)block.Address, block.Layout);
        _blocks.RemoveAt(index);
        return good;
    }

    internal bool Reallocate(int which, nuint newSize)
    {
        int index = which % _blocks.Count;
        ModelBlock old = _blocks[index];
        _blocks.RemoveAt(index);
        if (!Layout.TryCreate(newSize, old.Layout.Alignment, out Layout layout))
        {
            return false;
        }

        void* block = _heap.Reallocate((void*)old.Address, old.Layout, newSize);
        nuint kept = old.Layout.Size < newSize ? old.Layout.Size : newSize;
        bool good = block != null && Pattern.Holds(block, kept, old.Usable, old.Seed);
        if ((nuint)block != old.Address && !IsSame(old, newSize))
        {
            Allocations++;
        }

        return good && Add(block, layout);
    }

    internal bool Resize(int which, nuint newSize)
    {
        int index = which % _blocks.Count;
        ModelBlock old = _blocks[index];
        void* block = (void*)old.Address;
        if (!Layout.TryCreate(newSize, old.Layout.Alignment, out Layout layout)
            || !_heap.TryResize(block, old.Layout, newSize))
        {
            return newSize > old.Layout.Size && IsIntact(old);
        }

        _blocks.RemoveAt(index);
        nuint kept = old.Usable < newSize ? old.Usable : newSize;
        return Pattern.Holds(block, kept, old.Usable, old.Seed) && Add(block, layout);
    }

    internal bool AreApartAndIntact()
    {
        nuint end = 0;
        foreach (ModelBlock block in _blocks.OrderBy(block => block.Address))
        {
            if (block.Address < end || !IsIntact(block))
            {
                return false;
            }

            end = block.Address + block.Usable;
        }

        return true;
    }

    internal bool FreeAll()
    {
        bool good = true;
        while (_blocks.Count > 0)
        {
            good &= Free(_blocks.Count - 1);
        }

        return good;
    }

    /// <summary>Whether a block that has moved counts as the same: its pages went with it.</summary>
    private bool IsSame(ModelBlock old, nuint newSize) =>
        old.Usable > SmallSizes<EightPerDoubling>.MaxSize && newSize > SmallSizes<EightPerDoubling>.MaxSize
        && _heap.GetStatistics().Allocations == Allocations;

    private static bool IsIntact(ModelBlock block) =>
        Pattern.Holds((void*)block.Address, block.Usable, block.Seed);

    private bool Add(void* block, Layout layout)
    {
        nuint usable = _heap.UsableSize(block, layout);
        bool good = usable >= layout.Size
            && (nuint)block % layout.Alignment == 0
            && (nuint)block % (layout.Size <= 8 ? 8u : 16u) == 0
            && _heap.Owns(block);
        _blocks.Add(new ModelBlock((nuint)block, layout, usable, ++_seeds));
        Pattern.Fill(block, usable, _seeds);
        return good;
    }
}
