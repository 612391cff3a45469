using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <summary>The malloc of the process refused to read or write a control.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Created from an error number only.")]
public sealed class MallCtlException : Exception
{
    private const int NotPermitted = 1, NotFound = 2, TryAgain = 11, Fault = 14, InvalidArgument = 22;

    private MallCtlException(string name, int error)
        : base($"Control '{name}': {Describe(error)}")
    {
        Control = name;
        Error = error;
    }

    /// <summary>Gets the name of the control.</summary>
    public string Control { get; }

    /// <summary>Gets the error number (<c>errno.h</c>), such as 2 for <c>ENOENT</c>.</summary>
    public int Error { get; }

    internal static void ThrowIf(int error, string name)
    {
        if (error != 0)
        {
            throw new MallCtlException(name, error);
        }
    }

    private static string Describe(int error) => error switch
    {
        NotPermitted => "It cannot be used in this way: it is read-only, write-only, or an action.",
        NotFound => "There is none of this name, or the feature is switched off; check the name and, for "
            + "profiling, the option prof:true in MALLOC_CONF.",
        TryAgain => "The malloc is out of memory or of indexes.",
        Fault => "The malloc cannot do this; check the value, and the path if it is one.",
        InvalidArgument => "The type or the value is not the expected one; see the manual of jemalloc.",
        _ => $"Error {error}.",
    };
}
