namespace Quarry;

/// <summary>Where a frame saves a register of its caller.</summary>
internal struct SavedRegister
{
    /// <summary>The offset, in bytes, where the place has one.</summary>
    public long Offset;

    /// <summary>The kind of place.</summary>
    public SavedPlace Place;
}
