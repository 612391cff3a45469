namespace Quarry.Malloc;

/// <summary>The type of a control's value; its number is the size in bytes.</summary>
internal enum MallctlType
{
    /// <summary>No value.</summary>
    Void = 0,

    /// <summary><c>bool</c></summary>
    Boolean = 1,

    /// <summary><c>unsigned</c> or <c>uint32_t</c></summary>
    Unsigned = 4,

    /// <summary>
    /// <c>size_t</c>, <c>ssize_t</c>, <c>uint64_t</c>, <c>const char *</c>, or another pointer.
    /// </summary>
    Word = 8,
}
