using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Tools.Posix;

/// <summary>What the kernel counted for an ended process and the descendants it waited for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ResourceUsage
{
    private readonly long _userSeconds;
    private readonly long _userMicroseconds;
    private readonly long _systemSeconds;
    private readonly long _systemMicroseconds;
    private readonly long _peakResidentKiB;
    private readonly Rest _rest;

    internal TimeSpan User => Time(_userSeconds, _userMicroseconds);

    internal TimeSpan System => Time(_systemSeconds, _systemMicroseconds);

    /// <summary>
    /// The largest resident set of one process among them, in bytes. Across <c>execve</c> the kernel keeps
    /// the maximum, so a process started by a large parent begins with the parent's figure, even with
    /// vfork.
    /// </summary>
    internal long PeakResident => _peakResidentKiB * 1024;

    private static TimeSpan Time(long seconds, long microseconds) =>
        TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds);

    // 13 counters of no interest here, and the 16 reserved words which musl adds.
    [InlineArray(13 + 16)]
    private struct Rest
    {
        private long _first;
    }
}
