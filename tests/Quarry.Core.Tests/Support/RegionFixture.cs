using System;
using System.Runtime.InteropServices;

namespace Quarry.Core.Tests;

/// <summary>A region without a heap.</summary>
internal sealed unsafe class RegionFixture : IDisposable
{
    private readonly PageSupply* _supply;

    internal RegionFixture(nuint size)
    {
        _supply = (PageSupply*)NativeMemory.AllocZeroed((nuint)sizeof(PageSupply));
        _supply->Source = Pages.Source;
        Region = Quarry.Region.TryCreate(_supply, size, Quarry.Region.Alignment, 0, 0, out _);
    }

    internal CountingPages Pages { get; } = new();

    internal Region* Region { get; }

    /// <summary>The number of slices that can be allocated.</summary>
    internal nuint Room => Region->SliceCount - Region->FirstSlice;

    /// <summary>Allocates everything there is; false if a slice is missing.</summary>
    internal static bool EverythingIsFree(Region* region)
    {
        // No run spans the high-water mark.
        nuint highWater = region->HighWater;
        nuint used = highWater - region->FirstSlice;
        nuint fresh = region->SliceCount - highWater;
        return (used == 0 || region->Allocate(used, Quarry.Region.SliceSize, out _) == region->FirstSlice)
            && (fresh == 0 || region->Allocate(fresh, Quarry.Region.SliceSize, out _) == highWater);
    }

    /// <summary>Runs a whole purging pass; returns the number of slices purged.</summary>
    internal static nuint Age(Region* region)
    {
        nuint budget = nuint.MaxValue, aged = 0;
        Atomic.Write(ref region->PurgeWord, 0);
        region->PurgeSome(ref budget, ref aged);
        return nuint.MaxValue - budget;
    }

    public void Dispose()
    {
        Pages.Dispose();
        NativeMemory.Free(_supply);
    }
}
