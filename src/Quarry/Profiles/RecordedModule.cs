using System;

namespace Quarry.Profiles;

/// <summary>Represents a file that was mapped as code.</summary>
public sealed record RecordedModule
{
    /// <summary>Gets the path, as the process saw it.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the build ID, in lowercase hexadecimal; empty if the file has none.</summary>
    public string BuildId { get; init; } = "";

    /// <summary>Gets the first mapped address.</summary>
    public ulong Start { get; init; }

    /// <summary>Gets the address behind the last mapped one.</summary>
    public ulong End { get; init; }

    /// <summary>
    /// Gets the difference between an address in memory and that in the file's program headers.
    /// </summary>
    public ulong LoadBias { get; init; }

    /// <summary>Gets the time at which the module was first met, relative to the start.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Determines whether the module was mapped at an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns><see langword="true"/> if it was.</returns>
    public bool Contains(ulong address) => Start <= address && address < End;
}
