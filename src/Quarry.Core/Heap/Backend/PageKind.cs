namespace Quarry;

/// <summary>What a slice is used for.</summary>
internal enum PageKind : byte
{
    /// <summary>Nothing that a pointer of the program may point into.</summary>
    None,

    /// <summary>The first slice of a page of small blocks.</summary>
    Small,

    /// <summary>A further slice of a page of small blocks.</summary>
    Inside,

    /// <summary>The first slice of a large block.</summary>
    Large,
}
