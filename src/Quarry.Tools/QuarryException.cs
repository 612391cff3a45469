using System;

namespace Quarry.Tools;

/// <summary>A reason to end, told to the user in one line, with the exit code that goes with it.</summary>
internal sealed class QuarryException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the user wrote cannot be done.</summary>
    internal const int WrongInput = 2;

    /// <summary>The program is there but cannot be executed, as shells tell it.</summary>
    internal const int CannotExecute = 126;

    /// <summary>The program is not there, as shells tell it.</summary>
    internal const int NotFound = 127;

    internal QuarryException(string message) : this(WrongInput, message)
    {
    }

    internal int ExitCode { get; } = exitCode;
}
