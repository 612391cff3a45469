namespace Quarry.Cli.Errors;

/// <summary>A frame of an <see cref="ErrorStack{TFrame}"/> as the process reported it.</summary>
internal sealed record ErrorFrame
{
    /// <summary>The return address.</summary>
    public required ulong Address { get; init; }

    /// <summary>The path of the module; null outside of modules.</summary>
    public string? Module { get; init; }

    /// <summary>The first address of the module.</summary>
    public ulong Start { get; init; }

    /// <summary>The address behind the module.</summary>
    public ulong End { get; init; }

    /// <summary>The difference between addresses in memory and in the file's program headers.</summary>
    public ulong Bias { get; init; }
}
