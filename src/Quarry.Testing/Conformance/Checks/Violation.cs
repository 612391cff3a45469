namespace Quarry.Testing;

/// <summary>A promise that was broken, and over which block; none by default.</summary>
/// <remarks>Data alone, so that a native image can hand it out.</remarks>
internal struct Violation
{
    /// <summary>Which one.</summary>
    public Promise Promise;

    /// <summary>What the block was taken with.</summary>
    public nuint Size, Alignment;

    /// <summary>Where it is; 0 for none.</summary>
    public nuint Address;

    /// <summary>The new size, the usable size, the wrong byte or the other block: the promise tells.</summary>
    public nuint Other;

    internal readonly bool IsNone => Promise == Promise.None;
}
