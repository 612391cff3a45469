namespace Quarry.Cli.Errors;

/// <summary>
/// A frame of an <see cref="ErrorStack{TFrame}"/> with names; an address with inlined functions has several.
/// </summary>
internal sealed record NamedFrame
{
    /// <summary>The name of the function; its module and address if it is unknown.</summary>
    public required string Function { get; init; }

    /// <summary>The path of the module or of the assembly; null if unknown.</summary>
    public string? Module { get; init; }

    /// <summary>The path of the source file; null if unknown.</summary>
    public string? File { get; init; }

    /// <summary>The line in the file; null if unknown.</summary>
    public int? Line { get; init; }

    /// <summary>Whether the function was inlined into that of the next frame.</summary>
    public bool IsInlined { get; init; }

    /// <summary>The address of the call, or of the instruction that faulted.</summary>
    public required ulong Address { get; init; }
}
