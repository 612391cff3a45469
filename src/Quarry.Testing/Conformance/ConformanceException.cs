using System;

namespace Quarry.Testing;

/// <summary>An allocator broke a promise; the message says which, and over which block.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>An exception without a message.</summary>
    public ConformanceException()
    {
    }

    /// <summary>An exception that says what happened.</summary>
    public ConformanceException(string message) : base(message)
    {
    }

    /// <summary>An exception that says what happened, and what came before.</summary>
    public ConformanceException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    internal ConformanceException(
        ConformanceCheck check, Promise promise, string message, Exception? inner = null)
        : base(message, inner)
    {
        Check = check;
        Promise = promise;
    }

    /// <summary>The check that failed.</summary>
    public ConformanceCheck Check { get; }

    /// <summary>What was broken; none if the allocator threw.</summary>
    internal Promise Promise { get; }
}
