namespace Quarry;

/// <summary>Specifies the use of a slice.</summary>
internal enum PageKind : byte
{
    /// <summary>
    /// The slice is free, holds metadata, or is a further slice of a large block: no block begins here.
    /// </summary>
    None,

    /// <summary>The first slice of a page of small blocks.</summary>
    Small,

    /// <summary>A further slice of a page of small blocks.</summary>
    Inside,

    /// <summary>The first slice of a large block.</summary>
    Large,

    /// <summary>The first slice of a page of small blocks that were sampled.</summary>
    Sampled,
}
