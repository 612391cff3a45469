using System;
using System.Runtime.CompilerServices;

namespace Quarry.Probe;

/// <summary>Represents a language construct: its source code and its use.</summary>
internal sealed record Construct(string Code, Action Use)
{
    internal static Construct Of(Action use, [CallerArgumentExpression(nameof(use))] string code = "") =>
        new(Name(code), use);

    /// <summary>Creates a construct whose result is discarded.</summary>
    internal static Construct Of(
        Func<object?> use, [CallerArgumentExpression(nameof(use))] string code = "") =>
        new(Name(code), () => _ = use());

    private static string Name(string lambda) =>
        lambda["() => ".Length..].Replace("s_", "", StringComparison.Ordinal);
}
