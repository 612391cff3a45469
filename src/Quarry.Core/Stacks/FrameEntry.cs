namespace Quarry;

/// <summary>
/// A frame description entry (FDE) of <c>.eh_frame</c>: how the frames of a function are unwound.
/// </summary>
internal struct FrameEntry
{
    /// <summary>The first address of the function.</summary>
    public nuint Start;

    /// <summary>The length of the function, in bytes.</summary>
    public nuint Length;

    /// <summary>What the function shares with others.</summary>
    public CommonEntry Common;

    /// <summary>The instructions of the function.</summary>
    public TableReader Program;
}
