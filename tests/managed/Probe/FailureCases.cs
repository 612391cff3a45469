using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>Ends of a program, and running out of memory.</summary>
internal static partial class FailureCases
{
    private static long[]? s_kept;

    internal static void FailFast()
    {
        List<object> kept = [.. Enumerable.Range(0, 1000).Select(_ => new object())];
        Environment.FailFast($"on purpose, {kept.Count}");
    }

    /// <summary>Fails at once, in one of several threads, while the others allocate.</summary>
    internal static void FailWhileAllocating()
    {
        using CountdownEvent started = new(3);
        for (int number = 0; number < 3; number++)
        {
            new Thread(() =>
            {
                started.Signal();
                while (true)
                {
                    s_kept = new long[10];
                }
            }).Start();
        }

        started.Wait();
        FailFast();
    }

    /// <summary>Needs more stack than there is.</summary>
    internal static void OverflowStack() => _ = Recurse(0);

    /// <summary>Reads from an address at which there is no memory.</summary>
    internal static void ReadNothing() => _ = Marshal.ReadInt32(unchecked((nint)0x1234_5678_9000));

    private static int Recurse(int depth)
    {
        Span<byte> frame = stackalloc byte[1000];
        frame[depth % frame.Length] = 1;
        return Recurse(depth + 1) + frame[0];
    }

    /// <summary>
    /// Fails while 20 objects with finalizers are in use, and while the finalizers of 10 others are due, the
    /// first of which does not end.
    /// </summary>
    internal static void FailInFinalizer()
    {
        using ManualResetEventSlim entered = new();
        Due[] kept = [.. Enumerable.Range(0, 20).Select(_ => new Due(entered))];
        Abandon(entered);
        GC.Collect();
        entered.Wait();
        FailWithHandles(kept[0], kept[1]);
    }

    /// <summary>Fails while handles of all kinds refer to an object, and one to a static object.</summary>
    internal static void FailWithHandles() => FailWithHandles(new Referenced(), new Referenced());

    private static void FailWithHandles(object first, object second)
    {
        s_kept = new long[1000];
        foreach (GCHandleType type in Enum.GetValues<GCHandleType>())
        {
            _ = GCHandle.Alloc(type == GCHandleType.Pinned ? s_kept : first, type);
        }

        DependentHandle dependent = new(first, second);
        Environment.FailFast($"on purpose, {dependent.IsAllocated}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(ManualResetEventSlim entered)
    {
        for (int count = 0; count < 10; count++)
        {
            _ = new Due(entered);
        }
    }

    private sealed class Referenced;

    private sealed class Due(ManualResetEventSlim entered)
    {
        ~Due()
        {
            entered.Set();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>Allocates small objects until the heap is full, and continues.</summary>
    internal static void FillHeap()
    {
        List<byte[]>? kept = [];
        try
        {
            for (; ; )
            {
                kept.Add(new byte[1000]);
            }
        }
        catch (OutOfMemoryException)
        {
            Console.WriteLine($"caught after {kept.Count / 1000} thousand");
        }
    }

    internal static void TooLargeArrays()
    {
        List<long[]> kept = [];
        Check.Throws<OutOfMemoryException>(() =>
        {
            for (; ; )
            {
                kept.Add(new long[Array.MaxLength]);
            }
        });
        Console.WriteLine($"caught, {kept[0].Length}");
    }

    /// <summary>
    /// Leaves an array with elements and the length 0, as an array is for an instant while it is being
    /// created, or after a write out of bounds.
    /// </summary>
    internal static unsafe void OverwriteLength()
    {
        s_kept = [.. new long[100]];
        Array.Fill(s_kept, 0x4141_4141_4141_4141);
        fixed (long* elements = s_kept)
        {
            *(int*)(elements - 1) = 0;
        }

        Console.WriteLine("overwritten");
    }

    /// <summary>Ends while other threads create arrays and fill them.</summary>
    internal static void ExitWhileAllocating()
    {
        using CountdownEvent started = new(3);
        for (int number = 0; number < 3; number++)
        {
            new Thread(() =>
            {
                started.Signal();
                for (int length = 0; ; length = (length + 1) % 64)
                {
                    long[] array = new long[length];
                    array.AsSpan().Fill(0x4141_4141_4141_4141);
                    s_kept = array;
                }
            })
            { IsBackground = true }.Start();
        }

        started.Wait();
        Thread.Sleep(Random.Shared.Next(10));
        Console.WriteLine("running");
    }

    /// <summary>Sends itself a signal, and waits for its end.</summary>
    /// <param name="number">The number of the signal.</param>
    internal static void TerminateItself(string number)
    {
        Console.WriteLine("waiting");
        _ = SendSignal(Environment.ProcessId, int.Parse(number, null));
        Thread.Sleep(TimeSpan.FromSeconds(60));
        Console.WriteLine("survived");
    }

    /// <summary>Handles a signal, and allocates objects of a type of their own before it ends.</summary>
    /// <param name="number">The number of the signal.</param>
    internal static void HandleSignal(string number)
    {
        using ManualResetEventSlim handled = new();
        using PosixSignalRegistration registration =
            PosixSignalRegistration.Create((PosixSignal)int.Parse(number, null), context =>
            {
                context.Cancel = true;
                handled.Set();
            });
        _ = SendSignal(Environment.ProcessId, int.Parse(number, null));
        handled.Wait();
        AllocateLater();
        Console.WriteLine("handled");
    }

    /// <summary>Sends itself a signal that it was started to ignore.</summary>
    /// <param name="number">The number of the signal.</param>
    internal static void IgnoreSignal(string number)
    {
        _ = SendSignal(Environment.ProcessId, int.Parse(number, null));
        AllocateLater();
        Console.WriteLine("ignored");
    }

    internal static void Unhandled() => throw new InvalidOperationException("not handled");

    /// <summary>Sends what it writes to standard error elsewhere, as test frameworks do.</summary>
    internal static void RedirectError()
    {
        Console.SetError(System.IO.TextWriter.Null);
        Console.WriteLine("redirected");
    }

    /// <summary>Does what a runtime does that is older than the oldest supported one.</summary>
    internal static unsafe void OldRuntime(string library)
    {
        nint handle = NativeLibrary.Load(library);
        var exchangeVersions = (delegate* unmanaged<ulong*, void>)
            NativeLibrary.GetExport(handle, "GC_VersionInfo");
        var initialize = (delegate* unmanaged<void*, void**, void**, void*, int>)
            NativeLibrary.GetExport(handle, "GC_Initialize");
        ulong* version = stackalloc ulong[3];
        version[0] = 2;
        exchangeVersions(version);
        void* heap = null, handles = null;
        Console.WriteLine($"{initialize(null, &heap, &handles, null):x} {heap == null}");
    }

    // After a report that the signal may have caused.
    private static void AllocateLater()
    {
        Thread.Sleep(500);
        Late[] late = [.. Enumerable.Range(0, 1000).Select(_ => new Late())];
        GC.KeepAlive(late);
    }

    private sealed class Late;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
