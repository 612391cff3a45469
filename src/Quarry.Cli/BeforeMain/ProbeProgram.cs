using System;
using System.Collections.Generic;
using Quarry.Cli.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>A program that is ready to be run, and marks what it does.</summary>
/// <param name="Tool">What it was made by, or is run by.</param>
/// <param name="Constructs">What it can use, as it is written.</param>
/// <param name="Call">The call that uses the construct of a number twice, or does nothing.</param>
/// <param name="Settings">What its environment has to hold: names and values.</param>
internal sealed record ProbeProgram(
    string Tool,
    IReadOnlyList<string> Constructs,
    Func<int?, ProgramCall> Call,
    params (string Name, string Value)[] Settings)
{
    /// <summary>Counts the managed objects up to main; null where that is not possible.</summary>
    internal Func<long?>? CountObjects { get; init; }
}
