using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {_counting}")]
public readonly unsafe partial struct CountingBySize<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _sizes.IsAlive;

    /// <summary>Initializes an allocator that counts by size.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public CountingBySize(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<SizeCounters>());
        }
    }

    /// <summary>
    /// Returns the statistics of the size classes that were ever used, in ascending order of size.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The counters are disposed.</exception>
    public List<SizeStatistics> GetSizeStatistics()
    {
        ObjectDisposedException.ThrowIf(!_sizes.IsAlive, typeof(CountingBySize<TInner>));
        SizeStatistics[] sizes = new SizeStatistics[SizeCounters.Classes];
        _ = CopySizeStatistics(sizes);
        return [.. Array.FindAll(sizes, size => size.Allocations != 0)];
    }

    /// <summary>Disposes the counters. The inner allocator and its blocks remain as they are.</summary>
    public void Dispose()
    {
        _counting.Dispose();
        if (_sizes.TryRetire())
        {
            _sizes.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_counting);
}
