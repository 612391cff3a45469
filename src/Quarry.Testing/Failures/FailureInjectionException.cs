using System;

namespace Quarry.Testing;

/// <summary>Code did not survive a failing request; the message says which, and what came of it.</summary>
public sealed class FailureInjectionException : Exception
{
    /// <summary>An exception without a message.</summary>
    public FailureInjectionException()
    {
    }

    /// <summary>An exception that says what happened.</summary>
    public FailureInjectionException(string message) : base(message)
    {
    }

    /// <summary>An exception that says what happened, and what came before.</summary>
    public FailureInjectionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal FailureInjectionException(
        FailureKind kind,
        nuint? request,
        string verdict,
        string sites,
        Exception? thrown,
        bool onwards = false)
        : base(
            request == null
                ? $"With no request failing: {verdict}.{sites}"
                : $"With {kind} {request}{(onwards ? " and all later ones" : "")} failing, counted from 0: "
                    + $"{verdict}.{sites}",
            thrown)
    {
        Kind = kind;
        Request = request;
    }

    /// <summary>The kind of the request that failed.</summary>
    public FailureKind Kind { get; }

    /// <summary>The number of the request, from 0; null if none failed.</summary>
    public nuint? Request { get; }
}
