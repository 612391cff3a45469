using System;
using System.Runtime;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>Decides when dumps are written, and names them.</summary>
/// <remarks>
/// The names are those of jemalloc: <c>PREFIX.PID.SEQUENCE.KIND.heap</c>, where the kind is <c>f</c> (at
/// exit), <c>i</c> (an interval has been allocated), <c>m</c> (requested) or <c>u</c> (a new peak), and all
/// but the first have a number.
/// </remarks>
internal static unsafe class ProfileDumps
{
    private const nuint PathCapacity = 4096;

    private static bool s_dumpsPeaks;
    private static nuint s_peak;
    private static nuint s_due;
    private static nuint s_sequence;
    private static nuint s_requested, s_intervals, s_peaks;

    /// <summary>Gets a value that indicates whether <see cref="OnProgress"/> is needed.</summary>
    internal static bool DumpsPeaks => s_dumpsPeaks;

    /// <summary>Gets the number of bytes between two dumps; 0 for none.</summary>
    internal static nuint IntervalBytes =>
        !JemallocProfile.IsStarted || ProfOptions.Log2Interval < 0 ? 0 : (nuint)1 << ProfOptions.Log2Interval;

    internal static void Start()
    {
        s_dumpsPeaks |= ProfOptions.DumpsPeaks && s_sequence == 0;
        s_due = IntervalBytes;
    }

    /// <summary>Sets whether a dump is written at each new peak.</summary>
    internal static void SetDumpsPeaks(bool value)
    {
        HeapState* heap = ProcessHeap.Heap;
        Atomic.Write(ref s_peak, Atomic.Read(ref heap->Backend.PeakUsed));

        // After the peak. Pairs with OnProgress.
        Volatile.Write(ref s_dumpsPeaks, value);
        if (value)
        {
            // After the switch. Pairs with HeapCallbacks.OnProgress.
            _ = Atomic.Exchange(ref heap->WantsProgress, 1);
        }
    }

    /// <summary>Writes a dump to a path, or to one with the prefix if it is null.</summary>
    internal static bool TryWriteRequested(byte* path) =>
        path != null ? JemallocProfile.IsOwn && ProfileDump.TryWrite(path, out _)
            : TryWriteNumbered((byte)'m', Atomic.Add(ref s_requested, 1) - 1, out _);

    /// <summary>Writes a dump if the interval has been allocated; called after each sample.</summary>
    /// <remarks>The samples themselves estimate how much that is, so nothing else is counted.</remarks>
    internal static void OnSampled()
    {
        // Without the lock: a sum that is too low delays the dump until the next sample.
        nuint due = Atomic.Read(ref s_due);
        nuint allocated = (nuint)JemallocProfile.Recording->File.Header->Totals.Bytes;
        if (due != 0 && allocated >= due
            && Atomic.TryReplace(ref s_due, due, allocated - (allocated % IntervalBytes) + IntervalBytes))
        {
            Write((byte)'i', ref s_intervals);
        }
    }

    /// <summary>Writes a dump if there was a new peak; called inside slow paths.</summary>
    internal static void OnProgress(HeapState* heap)
    {
        // The switch first: with it, the peak is the one at which it was set. Pairs with SetDumpsPeaks.
        bool dumps = Volatile.Read(ref s_dumpsPeaks);
        nuint peak = Atomic.Read(ref s_peak), now = Atomic.Read(ref heap->Backend.PeakUsed);
        if (dumps && JemallocProfile.IsActive && now > peak
            && Atomic.TryReplace(ref s_peak, peak, now))
        {
            Write((byte)'u', ref s_peaks);
        }
    }

    /// <summary>Writes the last dump, and reports leaks.</summary>
    [RuntimeExport("quarry_dump_at_exit")]
    internal static void AtExit()
    {
        if (!ProfOptions.DumpsAtExit || !JemallocProfile.IsOwn || !OsSandbox.MayOpenFiles
            || *DumpPrefix.Text == 0
            || !TryWriteNumbered((byte)'f', nuint.MaxValue, out LeakTotals leaks)
            || !ProfOptions.ReportsLeaks || leaks.Blocks == 0)
        {
            return;
        }

        Report(leaks);
        if (ProfOptions.FailsOnLeaks)
        {
            JemallocMessage.Write(
                "Exiting with error code because memory leaks were detected"u8, default, default, false);

            // The C library writes what is left in its streams only after this function.
            LibC.FlushStreams();
            Os.Linux.Exit(1);
        }
    }

    // Several threads may be here for different dumps, and the last one may be in a signal handler.
    private static void Write(byte kind, ref nuint number)
    {
        if (OsSandbox.MayOpenFiles && JemallocProfile.IsOwn && *DumpPrefix.Text != 0)
        {
            _ = TryWriteNumbered(kind, Atomic.Add(ref number, 1) - 1, out _);
        }
    }

    private static bool TryWriteNumbered(byte kind, nuint number, out LeakTotals leaks)
    {
        leaks = default;
        byte* path = JemallocProfile.IsOwn && *DumpPrefix.Text != 0 ? (byte*)Os.Map(PathCapacity) : null;
        if (path == null)
        {
            return false;
        }

        TextBuffer text = new(new Span<byte>(path, (int)PathCapacity - 1));
        text.AppendString(DumpPrefix.Text);
        if (ProfOptions.NamesNamespace)
        {
            text.Append((byte)'.');
            text.Append(Namespace());
        }

        text.Append((byte)'.');
        text.Append((nuint)Os.ProcessId());
        text.Append((byte)'.');
        text.Append(Atomic.Add(ref s_sequence, 1) - 1);
        text.Append((byte)'.');
        text.Append(kind);
        if (number != nuint.MaxValue)
        {
            text.Append(number);
        }

        text.Append(".heap"u8);
        bool written = ProfileDump.TryWrite(path, out leaks);
        Os.Unmap(path, PathCapacity);
        return written;
    }

    /// <summary>Returns the number of the PID namespace, from a link: <c>pid:[4026531836]</c>.</summary>
    private static nuint Namespace()
    {
        const int Longest = 32;
        byte* link = stackalloc byte[Longest];
        nuint length = Os.Linux.ReadLink("/proc/self/ns/pid\0"u8, link, Longest);
        nuint number = 0;
        for (nuint at = 0; at < length; at++)
        {
            number = link[at] is >= (byte)'0' and <= (byte)'9' ? (number * 10) + link[at] - '0' : number;
        }

        return number;
    }

    private static void Report(in LeakTotals leaks)
    {
        ulong blocks = (leaks.Blocks + (SiteAmount.OneBlock / 2)) / SiteAmount.OneBlock;
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("Leak approximation summary: ~"u8);
        Count(ref text, (ulong)(long)(leaks.Bytes + 0.5), " byte"u8);
        text.Append(", ~"u8);
        Count(ref text, blocks, " object"u8);
        text.Append(", >= "u8);
        Count(ref text, leaks.Contexts, " context"u8);
        JemallocMessage.Write(text.Text, default, default, isPair: false);
        JemallocMessage.Write("Run jeprof on dump output for leak detail"u8, default, default, false);
    }

    private static void Count(ref TextBuffer text, ulong count, ReadOnlySpan<byte> noun)
    {
        text.Append((nuint)count);
        text.Append(noun);
        text.Append(count == 1 ? default : "s"u8);
    }
}
