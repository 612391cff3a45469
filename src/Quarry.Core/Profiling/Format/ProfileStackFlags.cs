using System;

namespace Quarry;

/// <summary>Properties of a recorded stack.</summary>
[Flags]
internal enum ProfileStackFlags : uint
{
    /// <summary>The stack is complete.</summary>
    None = 0,

    /// <summary>Outer frames are missing, because the stack has more than are kept.</summary>
    Truncated = 1,

    /// <summary>Outer frames are missing, because a frame could not be unwound.</summary>
    Incomplete = 2,

    /// <summary>The site stands for allocations without a stack, such as those that found no room.</summary>
    Unknown = 4,

    /// <summary>
    /// Not an allocation but an ad hoc event, reported by the program; bytes are its weights.
    /// </summary>
    AdHoc = 8,
}
