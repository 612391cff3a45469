using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>The recorders of the sections over one source that record sites.</summary>
internal sealed unsafe class SourceRecorders
{
    // Replaced as a whole, so that allocating threads need no lock.
    private volatile SiteRecorder[] _current = [];
    private HeapObserver* _observer;

    internal ReadOnlySpan<SiteRecorder> Current => _current;

    /// <summary>Gets what the allocator of the source calls.</summary>
    internal HeapObserver* Observer =>
        _observer == null ? _observer = SourceObserver.Create(this) : _observer;

    /// <summary>Adds a recorder; returns true if it is the only one.</summary>
    internal bool Add(SiteRecorder recorder)
    {
        _current = [.. _current, recorder];
        return _current.Length == 1;
    }

    /// <summary>Removes a recorder; returns true if none is left.</summary>
    internal bool Remove(SiteRecorder recorder)
    {
        List<SiteRecorder> others = [.. _current];
        _ = others.Remove(recorder);
        _current = [.. others];
        return _current.Length == 0;
    }
}
