using System;
using System.Collections.Generic;

namespace Quarry.Testing;

/// <summary>Code allocated more than it was asserted to; the message tells how much, and where.</summary>
public sealed class AllocationAssertionException : Exception
{
    /// <summary>An exception without a message.</summary>
    public AllocationAssertionException()
    {
    }

    /// <summary>An exception that says what happened.</summary>
    public AllocationAssertionException(string message) : base(message)
    {
    }

    /// <summary>An exception that says what happened, and what came before.</summary>
    public AllocationAssertionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Bytes that a run may take.</summary>
    public long AllowedBytes { get; init; }

    /// <summary>Managed bytes that the run took, exactly.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>Native bytes that the run took from the given sources.</summary>
    public long NativeBytes { get; init; }

    /// <summary>Where the managed bytes were allocated; empty where that could not be found.</summary>
    public IReadOnlyList<SampledSite> Sites { get; init; } = [];

    /// <summary>
    /// Where the native bytes were allocated, from all sources; empty if the action could not be repeated.
    /// </summary>
    public IReadOnlyList<NativeSite> NativeSites { get; init; } = [];
}
