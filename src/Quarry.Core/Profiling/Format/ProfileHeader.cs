using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The first page of a profile file.</summary>
/// <remarks>
/// <para>
/// The file is mapped by the process that it describes, and by readers; all numbers are little-endian. The
/// records follow at <see cref="Bytes"/>. Block counts are fixed-point numbers with <see cref="BlockBits"/>
/// fraction bits, because a sampled block stands for a number of blocks that is no integer. Times are in
/// nanoseconds; those of records, sites and figures are relative to <see cref="StartMonotonic"/>.
/// </para>
/// <para>
/// Only the process writes, with these exceptions: <see cref="CommandArgument"/> and <see cref="Command"/>,
/// which a controller writes in this order; the fields of the lease, of which it writes <see cref="Lease"/>
/// last; and records of names that a reader adds after the process has ended. Several controllers exclude
/// each other by a lock on the file (<c>flock</c>).
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct ProfileHeader
{
    /// <summary>The size, in bytes.</summary>
    internal const int Bytes = 4096;

    /// <summary>The version of the format that this code reads and writes.</summary>
    internal const uint CurrentVersion = 1;

    /// <summary>The fraction bits of block counts.</summary>
    internal const int BlockBits = 10;

    /// <summary>
    /// The value of <see cref="Signature"/>: "QPROF", a carriage return, a line feed, and 0x1A, so that a
    /// transfer as text is detected.
    /// </summary>
    internal const ulong ExpectedSignature = 0x1A_0A_0D_46_4F_52_50_51;

    /// <summary>Identifies the format; see <see cref="ExpectedSignature"/>.</summary>
    public ulong Signature;

    /// <summary>See <see cref="CurrentVersion"/>.</summary>
    public uint Version;

    /// <summary>The size of this header, in bytes: the offset of the first record.</summary>
    public uint HeaderSize;

    /// <summary>The process ID, as the process itself sees it (in its PID namespace).</summary>
    public int ProcessId;

    /// <summary>The process ID of the parent at the start.</summary>
    public int ParentId;

    /// <summary>What is recorded now.</summary>
    public ProfileMode Mode;

    /// <summary>Whether the process is running, see <see cref="ProfileState"/>.</summary>
    public ProfileState State;

    /// <summary>The start, in nanoseconds since 1970 (CLOCK_REALTIME).</summary>
    public ulong StartTime;

    /// <summary>The start on CLOCK_MONOTONIC.</summary>
    public ulong StartMonotonic;

    /// <summary>
    /// The mean number of bytes between two samples; 0 if no sampled recording has been started. 1 samples
    /// every block.
    /// </summary>
    public ulong SampleInterval;

    /// <summary>The offset behind the last complete record.</summary>
    public ulong End;

    /// <summary>The number of bytes that the process may use; further sites are lost.</summary>
    public ulong MaxBytes;

    /// <summary>
    /// The command of a controller: a <see cref="ProfileCommand"/> in the lowest byte, and in the others a
    /// number that differs from that of the previous command.
    /// </summary>
    public ulong Command;

    /// <summary>The argument of the command; the interval for <see cref="ProfileCommand.Sample"/>.</summary>
    public ulong CommandArgument;

    /// <summary>The last command that the process has carried out.</summary>
    public ulong Acknowledged;

    /// <summary>The time of the last change of <see cref="Mode"/>.</summary>
    public ulong ModeTime;

    /// <summary>The time at which the live figures were last written; 0 if never.</summary>
    public ulong UpdatedTime;

    /// <summary>The time of the exit handlers; 0 while the process runs.</summary>
    public ulong EndTime;

    /// <summary>The figures of the heap, written at slow paths at most every 50 ms.</summary>
    public ProfileFigures Figures;

    /// <summary>The sum of all sites.</summary>
    public ProfileTotals Totals;

    /// <summary>
    /// Incremented with each new peak of <see cref="ProfileTotals.LiveBytes"/>; see <see
    /// cref="ProfileSite.PeakEpoch"/>.
    /// </summary>
    public ulong PeakEpoch;

    /// <summary>What could not be recorded.</summary>
    public ProfileLosses Losses;

    /// <summary>
    /// The time in milliseconds after which the process returns to <see cref="LeaseEndMode"/> unless the
    /// controller increments <see cref="LeaseRenewals"/> meanwhile; 0 if there is no lease.
    /// </summary>
    /// <remarks>
    /// A number and not a time: the process measures on its own clock, and needs to know nothing about the
    /// controller, which may be in another namespace of processes or times.
    /// </remarks>
    public ulong Lease;

    /// <summary>Incremented by the controller while it is alive.</summary>
    public ulong LeaseRenewals;

    /// <summary>The mode at the end of the lease.</summary>
    public ProfileMode LeaseEndMode;

    /// <summary>The interval at the end of the lease, if that is a sampled mode.</summary>
    public ulong LeaseEndInterval;

    /// <summary>
    /// The largest mean number of bytes between two samples: above <see cref="SampleInterval"/> if the
    /// program allocated so fast that it grew for a time.
    /// </summary>
    public ulong LargestInterval;
}
