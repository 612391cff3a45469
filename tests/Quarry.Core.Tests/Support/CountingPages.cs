using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Core.Tests;

/// <summary>A page source made of functions: counts calls, tracks ranges, and fails on request.</summary>
internal sealed unsafe class CountingPages : IDisposable
{
    private GCHandle _handle;
    private int _calls;

    internal CountingPages() => _handle = GCHandle.Alloc(this);

    /// <summary>The ranges that were reserved and not yet released.</summary>
    internal ConcurrentDictionary<nuint, nuint> Live { get; } = new();

    /// <summary>Releases of something that is no whole reserved range.</summary>
    internal int WrongReleases { get; private set; }

    /// <summary>Calls that may fail, so far.</summary>
    internal int Calls => _calls;

    internal int Purges { get; private set; }

    /// <summary>The number of the one call that fails; -1 for none.</summary>
    internal int FailAt { get; set; } = -1;

    /// <summary>From this call on every one fails; -1 for none.</summary>
    internal int FailFrom { get; set; } = -1;

    internal bool RefusesCommit { get; set; }

    internal bool RefusesPurge { get; set; }

    /// <summary>Called whenever a range is reserved.</summary>
    internal Action? OnReserve { get; set; }

    /// <summary>Called whenever pages are purged.</summary>
    internal Action? OnPurge { get; set; }

    /// <summary>The largest range that can be had.</summary>
    internal nuint LargestReserve { get; set; } = nuint.MaxValue;

    /// <summary>Whether ranges can be resized and moved.</summary>
    internal bool CanResize { get; init; }

    /// <summary>The number of ranges that were moved.</summary>
    internal int Moves { get; private set; }

    internal PageSource Source => new()
    {
        State = (void*)GCHandle.ToIntPtr(_handle),
        Reserve = &Reserve,
        Commit = &Commit,
        Purge = &Purge,
        Release = &Release,
        TryResize = CanResize ? &TryResize : null,
        TryMove = CanResize ? &TryMove : null,
    };

    internal HeapOptions Options(nuint reserve = 4 << 20) => new()
    {
        PageSource = Source,
        ReserveBytes = reserve,
        DecayMilliseconds = -1,
    };

    public void Dispose()
    {
        foreach ((nuint start, nuint size) in Live)
        {
            default(MmapPageSource).Release((void*)start, size);
        }

        _handle.Free();
    }

    private static CountingPages Of(void* state) => (CountingPages)GCHandle.FromIntPtr((nint)state).Target!;

    private static void* Reserve(void* state, nuint size, nuint alignment)
    {
        CountingPages pages = Of(state);
        pages.OnReserve?.Invoke();
        if (pages.Fails() || size > pages.LargestReserve)
        {
            return null;
        }

        void* start = default(MmapPageSource).Reserve(size, alignment);
        if (start != null)
        {
            pages.Live[(nuint)start] = size;
        }

        return start;
    }

    private static bool Commit(void* state, void* start, nuint size)
    {
        CountingPages pages = Of(state);
        return !pages.Fails() && !pages.RefusesCommit && default(MmapPageSource).Commit(start, size);
    }

    private static bool Purge(void* state, void* start, nuint size)
    {
        CountingPages pages = Of(state);
        pages.Purges++;
        pages.OnPurge?.Invoke();
        return !pages.Fails() && !pages.RefusesPurge && default(MmapPageSource).Purge(start, size);
    }

    private static void Release(void* state, void* start, nuint size)
    {
        CountingPages pages = Of(state);
        if (pages.Live.TryRemove((nuint)start, out nuint reserved) && reserved == size)
        {
            default(MmapPageSource).Release(start, size);
        }
        else
        {
            pages.WrongReleases++;
        }
    }

    private static bool TryResize(void* state, void* start, nuint oldSize, nuint newSize)
    {
        CountingPages pages = Of(state);
        bool resized = !pages.Fails() && default(MmapPageSource).TryResize(start, oldSize, newSize);
        return resized && pages.Live.TryUpdate((nuint)start, newSize, oldSize);
    }

    private static bool TryMove(void* state, void* from, nuint oldSize, void* to, nuint newSize)
    {
        CountingPages pages = Of(state);
        if (pages.Fails() || !default(MmapPageSource).TryMove(from, oldSize, to, newSize))
        {
            return false;
        }

        pages.Moves++;
        return pages.Live.TryRemove((nuint)from, out nuint reserved) && reserved == oldSize;
    }

    private bool Fails()
    {
        int call = Interlocked.Increment(ref _calls) - 1;
        return call == FailAt || (FailFrom >= 0 && call >= FailFrom);
    }
}
