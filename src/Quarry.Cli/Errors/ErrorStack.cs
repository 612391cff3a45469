using System.Collections.Generic;

namespace Quarry.Cli.Errors;

/// <summary>A stack of a <see cref="MemoryError{TFrame}"/>.</summary>
internal sealed record ErrorStack<TFrame>
{
    /// <summary>What it did: <c>by</c>, <c>freed by</c> or <c>allocated by</c>.</summary>
    public required string What { get; init; }

    /// <summary>The ID of the thread.</summary>
    public required int Thread { get; init; }

    /// <summary>The frames, innermost first.</summary>
    public required IReadOnlyList<TFrame> Frames { get; init; }
}
