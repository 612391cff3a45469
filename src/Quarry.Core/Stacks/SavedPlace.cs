namespace Quarry;

/// <summary>The places where a frame saves a register of its caller.</summary>
internal enum SavedPlace : byte
{
    /// <summary>The register still holds the caller's value.</summary>
    Unchanged,

    /// <summary>A word at an offset from the CFA.</summary>
    FromCfa,

    /// <summary>A word at an offset from the frame pointer.</summary>
    FromFramePointer,

    /// <summary>The value is lost; for a return address, the frame has no caller.</summary>
    Undefined,

    /// <summary>A place that the walker cannot compute.</summary>
    Unknown,
}
