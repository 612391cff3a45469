using System.Collections.Generic;

namespace Quarry.Cli.Errors;

/// <summary>A <see cref="MemoryError"/> with the names of the functions.</summary>
internal sealed record NamedError
{
    /// <summary>The kind, such as <c>use_after_free</c>.</summary>
    public required string Error { get; init; }

    /// <summary>The kind in words.</summary>
    public required string Title { get; init; }

    /// <summary>How: <c>read</c>, <c>write</c>, <c>call</c> of a function, or <c>exit</c>.</summary>
    public required string Access { get; init; }

    /// <summary>The address that was accessed or passed.</summary>
    public required ulong Address { get; init; }

    /// <summary>The address of the block; null if there is none.</summary>
    public ulong? Block { get; init; }

    /// <summary>The size of the block, in bytes.</summary>
    public ulong? Size { get; init; }

    /// <summary>The number of blocks, if the error is that they were not freed.</summary>
    public ulong? Blocks { get; init; }

    /// <summary>The size or the alignment that was passed, if it is the error.</summary>
    public ulong? Passed { get; init; }

    /// <summary>The process.</summary>
    public required int Process { get; init; }

    /// <summary>The stacks: that of the error, then those that freed and allocated the block.</summary>
    public required IReadOnlyList<NamedStack> Stacks { get; init; }
}
