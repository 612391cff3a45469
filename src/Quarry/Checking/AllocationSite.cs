using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>A stack that allocated, or gave back, or met a violation.</summary>
/// <remarks>Immutable. Each distinct stack is kept once, as long as the process lives.</remarks>
public sealed class AllocationSite : IEquatable<AllocationSite>
{
    private readonly nuint _id;

    private AllocationSite(nuint id)
    {
        _id = id;
        Frames = Array.ConvertAll(StackDepot.Frames(id), frame => new AllocationFrame(frame));
    }

    /// <summary>The frames, from the one that called the allocator outwards.</summary>
    public IReadOnlyList<AllocationFrame> Frames { get; }

    /// <inheritdoc/>
    public bool Equals(AllocationSite? other) => other != null && other._id == _id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AllocationSite);

    /// <inheritdoc/>
    public override int GetHashCode() => _id.GetHashCode();

    /// <summary>The frames, one a line.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Frames);

    /// <summary>The site of a number; null for 0, which means that none was kept.</summary>
    internal static AllocationSite? Of(nuint id) => id == 0 ? null : new AllocationSite(id);
}
