using System;

namespace Quarry.Profiles;

/// <summary>
/// Represents the error that a file is not a profile, has another version, was cut off, or is damaged.
/// </summary>
public sealed class ProfileFormatException : FormatException
{
    /// <summary>Initializes a new instance of the exception.</summary>
    public ProfileFormatException() : this("The file is not a valid profile.")
    {
    }

    /// <summary>Initializes a new instance of the exception with a message.</summary>
    /// <param name="message">The message, in one line.</param>
    public ProfileFormatException(string message) : base(message)
    {
    }

    /// <summary>Initializes a new instance of the exception with a message and its cause.</summary>
    /// <param name="message">The message, in one line.</param>
    /// <param name="innerException">The cause.</param>
    public ProfileFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
