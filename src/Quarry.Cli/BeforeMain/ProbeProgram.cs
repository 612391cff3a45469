using System;
using System.Collections.Generic;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents a program that is ready to run and marks its actions.</summary>
/// <param name="Tool">The compiler or runtime, with its version.</param>
/// <param name="Constructs">The source code of its constructs.</param>
/// <param name="Call">Returns the call that uses the construct of a number twice, or none.</param>
/// <param name="Settings">The environment variables that it requires.</param>
internal sealed record ProbeProgram(
    string Tool,
    IReadOnlyList<string> Constructs,
    Func<int?, ProgramCall> Call,
    params (string Name, string Value)[] Settings)
{
    /// <summary>Gets the function that counts the objects before main; null if there is none.</summary>
    internal Func<long?>? CountObjects { get; init; }
}
