namespace Quarry.Malloc;

/// <summary>Specifies how an error happened.</summary>
internal enum GuardAccess
{
    /// <summary>By a call of <c>free</c> or <c>realloc</c>.</summary>
    Call,

    /// <summary>By reading.</summary>
    Read,

    /// <summary>By writing.</summary>
    Write,

    /// <summary>By an access of which the processor does not tell the kind.</summary>
    Unknown,
}
