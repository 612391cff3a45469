using System;
using System.Collections.Generic;

namespace Quarry;

/// <content>For managed callers.</content>
public readonly unsafe partial struct CountingBySize<TInner> : IDisposable
{
    /// <summary>Begins to count for an allocator.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory for the counters.</exception>
    public CountingBySize(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<SizeCounters>());
        }
    }

    /// <summary>The figures of the classes that were ever used, by ascending size.</summary>
    /// <exception cref="ObjectDisposedException">The counters are gone.</exception>
    public List<SizeStatistics> GetSizeStatistics()
    {
        ObjectDisposedException.ThrowIf(!_sizes.IsAlive, typeof(CountingBySize<TInner>));
        SizeStatistics[] sizes = new SizeStatistics[SizeCounters.Classes];
        _ = CopySizeStatistics(sizes);
        return [.. Array.FindAll(sizes, size => size.Allocations != 0)];
    }

    /// <summary>Ends the counting. The allocator inside and its blocks stay as they are.</summary>
    public void Dispose()
    {
        _counting.Dispose();
        if (_sizes.TryRetire())
        {
            _sizes.Release();
        }
    }
}
