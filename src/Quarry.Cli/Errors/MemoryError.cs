using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Errors;

/// <summary>An error that a process reported in the file of <c>QUARRY_ERRORS</c>.</summary>
/// <typeparam name="TFrame">
/// The frames: <see cref="ErrorFrame"/> as reported, <see cref="NamedFrame"/> with the names of functions.
/// </typeparam>
internal sealed record MemoryError<TFrame>
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
    public required IReadOnlyList<ErrorStack<TFrame>> Stacks { get; init; }

    /// <summary>Returns the error with other frames, any number for each.</summary>
    internal MemoryError<TOther> WithFrames<TOther>(Func<TFrame, IEnumerable<TOther>> replace) => new()
    {
        Error = Error,
        Title = Title,
        Access = Access,
        Address = Address,
        Block = Block,
        Size = Size,
        Blocks = Blocks,
        Passed = Passed,
        Process = Process,
        Stacks =
        [
            .. Stacks.Select(stack => new ErrorStack<TOther>
            {
                What = stack.What,
                Thread = stack.Thread,
                Frames = [.. stack.Frames.SelectMany(replace)],
            }),
        ],
    };
}
