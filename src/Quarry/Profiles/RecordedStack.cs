using System;
using System.Collections.Generic;

namespace Quarry.Profiles;

/// <summary>Represents a call stack that has allocated.</summary>
public sealed record RecordedStack
{
    /// <summary>
    /// Gets the return addresses, innermost first, without the frames of the allocator. The address to look
    /// up is one less than each.
    /// </summary>
    public IReadOnlyList<ulong> ReturnAddresses { get; init; } = [];

    /// <summary>Gets the time at which the stack was first met, relative to the start.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Gets whether outer frames are missing because the stack has more than are kept.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Gets whether outer frames are missing because a frame could not be unwound.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Gets whether the stack stands for allocations that found no room for their own.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>
    /// Gets whether the stack reported ad hoc events: sizes are then the weights that the program gave.
    /// </summary>
    public bool IsAdHoc { get; init; }
}
