using System;
using System.Collections.Generic;
using System.IO;

namespace Quarry.Profiles;

/// <summary>
/// Represents the contents of a profile file (<c>.qprof</c>) that <c>libquarry.so</c> has written, as of the
/// moment at which it was opened.
/// </summary>
/// <remarks>
/// <para>
/// A file can be opened while the process writes it, and after the process was killed. An object is an
/// immutable copy; open the file again for later figures. Between two figures of a running process, events
/// may have happened.
/// </para>
/// <para>All members can be used by several threads at once.</para>
/// </remarks>
public sealed class ProfileFile
{
    internal ProfileFile()
    {
    }

    /// <summary>Gets the process ID, as the process itself sees it.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>Gets the process ID of the parent at the start.</summary>
    public int ParentId { get; internal init; }

    /// <summary>Gets the path of the program; empty if unknown.</summary>
    public string Program { get; internal init; } = "";

    /// <summary>Gets the arguments of the program, the first one being the name it was called by.</summary>
    public IReadOnlyList<string> Arguments { get; internal init; } = [];

    /// <summary>Gets what is recorded.</summary>
    public RecordingMode Mode { get; internal init; }

    /// <summary>
    /// Gets the mean number of bytes between two samples; 0 if no sampled recording was started.
    /// </summary>
    public long SampleInterval { get; internal init; }

    /// <summary>
    /// Gets the largest mean number of bytes between two samples. It is above <see cref="SampleInterval"/> if
    /// the program allocated so fast that the interval grew for a time.
    /// </summary>
    public long LargestSampleInterval { get; internal init; }

    /// <summary>
    /// Gets whether the exit handlers of the process have run; otherwise it is running or was killed.
    /// </summary>
    public bool HasEnded { get; internal init; }

    /// <summary>Gets the time of the start.</summary>
    public DateTimeOffset StartTime { get; internal init; }

    /// <summary>Gets the value of CLOCK_MONOTONIC at the start, in nanoseconds.</summary>
    public long StartMonotonic { get; internal init; }

    /// <summary>
    /// Gets the time from the start to the end of the process, or to the last event in the file.
    /// </summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Gets the time at which <see cref="Mode"/> last changed, relative to the start.</summary>
    public TimeSpan ModeTime { get; internal init; }

    /// <summary>Gets the number of bytes that the process may use in the file.</summary>
    public long MaxFileBytes { get; internal init; }

    /// <summary>Gets the number of bytes that are used in the file.</summary>
    public long FileBytes { get; internal init; }

    /// <summary>Gets the statistics of the heap and the process.</summary>
    public RecordedStatistics Statistics { get; internal init; } = new();

    /// <summary>Gets the sum of all sites.</summary>
    public RecordedTotals Totals { get; internal init; } = new();

    /// <summary>Gets what could not be recorded.</summary>
    public RecordedLosses Losses { get; internal init; } = new();

    /// <summary>Gets the modules, in the order in which they were met.</summary>
    public IReadOnlyList<RecordedModule> Modules { get; internal init; } = [];

    /// <summary>Gets the sites, in the order in which they were met.</summary>
    public IReadOnlyList<RecordedSite> Sites { get; internal init; } = [];

    /// <summary>Gets the threads, in the order in which they first allocated.</summary>
    public IReadOnlyList<RecordedThread> Threads { get; internal init; } = [];

    /// <summary>Gets the timeline, in the order of time.</summary>
    public IReadOnlyList<RecordedPoint> Timeline { get; internal init; } = [];

    /// <summary>Gets the size classes that have been used, in ascending order; larger blocks last.</summary>
    public IReadOnlyList<RecordedSizeClass> SizeClasses { get; internal init; } = [];

    /// <summary>
    /// Gets the names of code addresses, as JSON in UTF-8; empty if none were added. The format page
    /// describes the contents.
    /// </summary>
    public ReadOnlyMemory<byte> Names { get; internal init; }

    /// <summary>Gets the managed allocations, as JSON in UTF-8; empty if none were added.</summary>
    public ReadOnlyMemory<byte> Managed { get; internal init; }

    /// <summary>Reads a profile file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The contents.</returns>
    /// <exception cref="ProfileFormatException">
    /// The file is not a profile, has another version, was cut off, or is damaged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not read the file.</exception>
    public static ProfileFile Open(string path)
    {
        using ProfileSource source = ProfileSource.Open(path);
        return new ProfileParser(source).Parse();
    }

    /// <summary>Reads a profile from memory.</summary>
    /// <param name="contents">The contents of a profile file.</param>
    /// <returns>The contents as objects.</returns>
    /// <exception cref="ProfileFormatException">
    /// The contents are not a profile, have another version, were cut off, or are damaged.
    /// </exception>
    public static ProfileFile Parse(ReadOnlyMemory<byte> contents)
    {
        using ProfileSource source = ProfileSource.Of(contents);
        return new ProfileParser(source).Parse();
    }

    /// <summary>
    /// Adds names of code addresses to the file of a process that has ended; they replace earlier ones.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="json">The names, as JSON in UTF-8.</param>
    /// <exception cref="ProfileFormatException">The file is not a valid profile.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written, or another program is adding to it or controlling its process.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not write the file.</exception>
    public static void AddNames(string path, ReadOnlySpan<byte> json) =>
        ProfileAppender.Append(path, ProfileRecordKind.Names, json);

    /// <summary>
    /// Adds managed allocations to the file of a process that has ended; they replace earlier ones.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="json">The allocations, as JSON in UTF-8.</param>
    /// <exception cref="ProfileFormatException">The file is not a valid profile.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written, or another program is adding to it or controlling its process.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not write the file.</exception>
    public static void AddManaged(string path, ReadOnlySpan<byte> json) =>
        ProfileAppender.Append(path, ProfileRecordKind.Managed, json);

    /// <summary>Finds the module that was mapped at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="time">The time at which the address was met, such as that of its stack.</param>
    /// <returns>The module; <see langword="null"/> if none was.</returns>
    public RecordedModule? FindModule(ulong address, TimeSpan time)
    {
        // A module is recorded before the first stack with one of its addresses, so the last record up to
        // the stack's time is that of the module that was mapped then.
        RecordedModule? found = null;
        foreach (RecordedModule module in Modules)
        {
            if (module.Contains(address) && (found is null || module.Time <= time))
            {
                found = module;
            }
        }

        return found;
    }
}
