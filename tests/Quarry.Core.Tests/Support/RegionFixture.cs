using System;
using System.Runtime.InteropServices;

namespace Quarry.Core.Tests;

/// <summary>A region that belongs to no heap but a bare state that holds its page source.</summary>
internal sealed unsafe class RegionFixture : IDisposable
{
    private readonly HeapState* _heap;

    internal RegionFixture(nuint size)
    {
        _heap = (HeapState*)NativeMemory.AllocZeroed((nuint)sizeof(HeapState));
        _heap->Pages = Pages.Source;
        Region = Quarry.Region.TryCreate(&_heap->Pages, size, Quarry.Region.Alignment, 0, 0, out _);
        Region->Heap = _heap;
    }

    internal CountingPages Pages { get; } = new();

    internal Region* Region { get; }

    /// <summary>How many slices can be taken.</summary>
    internal nuint Room => Region->SliceCount - Region->FirstSlice;

    /// <summary>Takes all that there is; false if a slice is missing.</summary>
    internal static bool EverythingIsFree(Region* region)
    {
        // What was handed out before and what was not are apart: no run spans the frontier.
        nuint frontier = region->Frontier;
        nuint used = frontier - region->FirstSlice;
        nuint fresh = region->SliceCount - frontier;
        return (used == 0 || region->Take(used, Quarry.Region.SliceSize, out _) == region->FirstSlice)
            && (fresh == 0 || region->Take(fresh, Quarry.Region.SliceSize, out _) == frontier);
    }

    public void Dispose()
    {
        Pages.Dispose();
        NativeMemory.Free(_heap);
    }
}
