namespace Quarry.Malloc;

/// <summary>An extent that an arena retains, because the hooks refused to take it back.</summary>
internal unsafe struct RetainedExtent
{
    /// <summary>The extent.</summary>
    public Extent Extent;

    /// <summary>The next one of the arena, or the next unused node.</summary>
    public RetainedExtent* Next;
}
