using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry;

/// <summary>What the allocator of a source calls while the source records sites.</summary>
internal unsafe struct SourceObserver
{
    private const int Frames = 16;

    [ThreadStatic]
    private static long t_managedBytes;

    private static long s_managedBytes;

    // The first field: its address is that of the observer.
    private HeapObserver _observer;
    private nint _recorders;

    /// <summary>Gets the managed bytes that recording has allocated on this thread.</summary>
    internal static long ManagedBytesOfThread => t_managedBytes;

    /// <summary>Gets the managed bytes that recording has allocated.</summary>
    internal static long ManagedBytes => Volatile.Read(ref s_managedBytes);

    /// <summary>Creates an observer, which exists as long as the process: see its users.</summary>
    internal static HeapObserver* Create(SourceRecorders recorders)
    {
        var observer = (SourceObserver*)NativeMemory.Alloc((nuint)sizeof(SourceObserver));
        observer->_observer = new HeapObserver(&Allocated, &Resized, &Freed);
        observer->_recorders = GCHandle.ToIntPtr(GCHandle.Alloc(recorders));
        return &observer->_observer;
    }

    private static void Allocated(HeapObserver* observer, void* block, nuint size)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        nuint site = StackDepot.Capture(Frames);
        foreach (SiteRecorder recorder in Of(observer))
        {
            recorder.Allocated((nuint)block, size, site);
        }

        Count(before);
    }

    private static void Resized(HeapObserver* observer, void* block, void* newBlock, nuint newSize)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (SiteRecorder recorder in Of(observer))
        {
            recorder.Resized((nuint)block, (nuint)newBlock, newSize);
        }

        Count(before);
    }

    private static void Freed(HeapObserver* observer, void* block, nuint size)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (SiteRecorder recorder in Of(observer))
        {
            if (block == null)
            {
                recorder.FreedAll();
            }
            else
            {
                recorder.Freed((nuint)block);
            }
        }

        Count(before);
    }

    private static ReadOnlySpan<SiteRecorder> Of(HeapObserver* observer) =>
        ((SourceRecorders)GCHandle.FromIntPtr(((SourceObserver*)observer)->_recorders).Target!).Current;

    private static void Count(long before)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        t_managedBytes += bytes;
        _ = Interlocked.Add(ref s_managedBytes, bytes);
    }
}
