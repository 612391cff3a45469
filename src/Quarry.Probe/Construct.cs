using System;
using System.Runtime.CompilerServices;

namespace Quarry.Probe;

/// <summary>Something a program does, and how it is written.</summary>
internal sealed record Construct(string Code, Action Use)
{
    internal static Construct Of(Action use, [CallerArgumentExpression(nameof(use))] string code = "") =>
        new(Name(code), use);

    /// <summary>One with a result, which is dropped.</summary>
    internal static Construct Of(
        Func<object?> use, [CallerArgumentExpression(nameof(use))] string code = "") =>
        new(Name(code), () => _ = use());

    private static string Name(string lambda) =>
        lambda["() => ".Length..].Replace("s_", "", StringComparison.Ordinal);
}
