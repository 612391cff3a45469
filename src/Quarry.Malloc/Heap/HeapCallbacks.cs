using System;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>The functions that the heap calls when memory is exhausted or a pointer is invalid.</summary>
internal static unsafe class HeapCallbacks
{
    private static nuint s_exhaustionHandler;
    private static nuint s_exhaustionArgument;

    private static ulong s_ticksOfTime;
    private static nuint s_time;

    private static bool IsNeeded =>
        StatisticsFile.IsStarted || Profiler.IsStarted || ProfileDumps.DumpsPeaks || IntervalReports.IsOn
            || Follows;

    private static bool Follows => ArenaOptions.Mode != ProcessorArenas.None;

    /// <summary>Sets the program's handler for exhausted memory; null removes it.</summary>
    internal static void SetExhaustionHandler(void* handler, void* argument)
    {
        // The handler is null while the argument changes; otherwise a thread could call the previous handler
        // with the new argument. Pairs with the loop in TryHandleExhaustion.
        Atomic.Write(ref s_exhaustionHandler, 0);
        Atomic.Write(ref s_exhaustionArgument, (nuint)argument);
        Atomic.Write(ref s_exhaustionHandler, (nuint)handler);
    }

    /// <summary>
    /// Calls the program's handler; sets <c>errno</c> if there is none or it returns false.
    /// </summary>
    /// <returns>True if the heap should retry the request.</returns>
    internal static bool OnExhausted(void* state, nuint size, nuint alignment)
    {
        if (TryHandleExhaustion(size, alignment))
        {
            return true;
        }

        if (Options.AbortOnExhausted)
        {
            AbortOnExhausted(size);
        }

        Errno.Value = Errno.NoMemory;
        return false;
    }

    /// <summary>
    /// Answers a request for a profile, and writes statistics, profiles and dumps if they are due; called
    /// inside slow paths.
    /// </summary>
    internal static void OnProgress(HeapState* heap)
    {
        ProfileRequest.Answer(heap);
        if (!IsNeeded)
        {
            // A profile that another thread starts meanwhile must not be missed: either the second reading
            // sees it, or that thread sets the word after it was cleared here. Pairs with Profiler.Attach.
            _ = Atomic.Exchange(ref heap->WantsProgress, 0);
            if (!IsNeeded)
            {
                return;
            }

            Atomic.Write(ref heap->WantsProgress, 1);
        }

        nuint now = Now();
        StatisticsFile.OnProgress(now);
        Profiler.OnProgress(heap, now);
        ProfileDumps.OnProgress(heap);
        IntervalReports.OnProgress();
        if (Follows)
        {
            AutomaticArenas.Follow(heap);
        }
    }

    /// <summary>Returns a time, in milliseconds, that may be half a millisecond old.</summary>
    /// <remarks>
    /// An image reads the clock by a system call, and slow paths are more frequent than its ticks. If several
    /// threads read it at once, a time may be older by as much as they differ.
    /// </remarks>
    private static nuint Now()
    {
        ulong ticks = TickClock.Ticks();
        if (ticks - Atomic.Read(ref s_ticksOfTime) >= TickClock.TicksPerReading)
        {
            // The ticks last: a thread that reads them reads the time behind them.
            s_time = Os.Milliseconds();
            Volatile.Write(ref s_ticksOfTime, ticks);
        }

        return s_time;
    }

    /// <summary>Does what is due in the process heap, for a program that uses another arena only.</summary>
    internal static void OnArenaProgress(HeapState* heap)
    {
        HeapState.Progress(ProcessHeap.Heap);
        if (Follows)
        {
            AutomaticArenas.Follow(heap);
        }
    }

    /// <summary>Reports a pointer that the heap did not allocate, and aborts if configured so.</summary>
    internal static void OnForeign(void* address) =>
        InvalidPointer.ReportForeign(address, Options.AbortOnForeign);

    /// <summary>Reports a double free, and aborts if configured so.</summary>
    internal static void OnDoubleFree(void* block) =>
        InvalidPointer.ReportDoubleFree(block, Options.AbortOnForeign);

    /// <summary>
    /// Ends the process after a request that no heap could serve, if configured so; in jemalloc's words.
    /// </summary>
    internal static void OnOverflow(ReadOnlySpan<byte> function)
    {
        if (Options.AbortOnExhausted)
        {
            TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
            text.Append("<jemalloc>: Error in "u8);
            text.Append(function);
            text.Append("(): out of memory\n"u8);
            MessageFunction.Write(ref text);
            ProcessAbort.Raise();
        }
    }

    private static void AbortOnExhausted(nuint size)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("<jemalloc>: Error allocating "u8);
        text.Append(size);
        text.Append(" bytes: out of memory\n"u8);
        MessageFunction.Write(ref text);
        ProcessAbort.Raise();
    }

    private static bool TryHandleExhaustion(nuint size, nuint alignment)
    {
        // No handler can satisfy a request that exceeds the address space, and a handler that always returns
        // true would be called forever.
        if (size > Layout.MaxSize || alignment > Layout.MaxSize - size)
        {
            return false;
        }

        nuint handler, argument;
        do
        {
            handler = Atomic.Read(ref s_exhaustionHandler);
            argument = Atomic.Read(ref s_exhaustionArgument);
        }
        while (handler != Atomic.Read(ref s_exhaustionHandler));

        return handler != 0
            && LibC.CallBool((void*)handler, (nint)size, (nint)alignment, (nint)argument);
    }
}
