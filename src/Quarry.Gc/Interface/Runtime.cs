using System;

namespace Quarry.Gc;

/// <summary>Calls the functions that the runtime provides: those of <c>IGCToCLR</c>.</summary>
internal static unsafe class Runtime
{
    // SUSPEND_FOR_GC: profilers expect this reason while they walk the heap.
    private const nint ReasonCollection = 1;

    private static nint s_object;

    /// <summary>An address in the code of the runtime.</summary>
    internal static nuint Code => (nuint)Table->SuspendEE;

    /// <summary>The object that receives events.</summary>
    internal static nint EventSink => NativeCall.Invoke(Table->EventSink, s_object);

    private static RuntimeTable* Table => *(RuntimeTable**)s_object;

    internal static void Attach(void* runtime) => s_object = (nint)runtime;

    /// <summary>
    /// Suspends all other threads at points where every object is complete. The calling thread must be in
    /// preemptive mode.
    /// </summary>
    internal static void Suspend() => _ = NativeCall.Invoke(Table->SuspendEE, s_object, ReasonCollection);

    /// <summary>Resumes the threads that <see cref="Suspend"/> has suspended.</summary>
    internal static void Restart() => _ = NativeCall.Invoke(Table->RestartEE, s_object, 1);

    /// <summary>
    /// Switches the calling thread to preemptive mode, in which other threads can suspend all threads without
    /// waiting for it.
    /// </summary>
    /// <returns>Whether the thread was in cooperative mode.</returns>
    internal static bool EnablePreemption() =>
        (byte)NativeCall.Invoke(Table->EnablePreemptiveGC, s_object) != 0;

    /// <summary>Switches back to cooperative mode; waits while threads are suspended.</summary>
    internal static void DisablePreemption() => _ = NativeCall.Invoke(Table->DisablePreemptiveGC, s_object);

    /// <summary>Reports to profilers that a collection of a generation starts.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="induced">Whether the program requested it.</param>
    internal static void ReportStart(int generation, bool induced) =>
        _ = NativeCall.Invoke(Table->DiagGCStart, s_object, generation, induced ? 1 : 0);

    /// <summary>Reports to profilers that a collection ends.</summary>
    internal static void ReportEnd(nuint index, int generation, int reason) =>
        _ = NativeCall.Invoke(Table->DiagGCEnd, s_object, (nint)index, generation, reason, 0);

    internal static void StompWriteBarrier(WriteBarrierParameters* parameters) =>
        _ = NativeCall.Invoke(Table->StompWriteBarrier, s_object, (nint)parameters);

    /// <summary>
    /// Calls a function with each thread's context and null. Threads must be suspended.
    /// </summary>
    internal static void EnumerateContexts(delegate*<AllocationContext*, void*, void> function) =>
        _ = NativeCall.Invoke(Table->GcEnumAllocContexts, s_object, (nint)function, 0);

    /// <summary>
    /// Returns the object that keeps an object's type loaded; null if the type cannot be unloaded.
    /// </summary>
    internal static ManagedObject* LoaderAllocatorOf(ManagedObject* instance) =>
        (ManagedObject*)NativeCall.Invoke(Table->GetLoaderAllocatorObjectForGC, s_object, (nint)instance);

    /// <summary>
    /// Wakes the thread that runs finalizers and the work items of a collector, unless there is none of
    /// either and the runtime has nothing to clean up.
    /// </summary>
    internal static void WakeFinalizer(bool isDue = true) =>
        _ = NativeCall.Invoke(Table->EnableFinalization, s_object, isDue ? 1 : 0);

    /// <summary>Tells the runtime that a collection of a generation starts.</summary>
    internal static void StartWork(int generation) =>
        _ = NativeCall.Invoke(Table->GcStartWork, s_object, generation, GcHeap.OldestGeneration);

    internal static void BeforeScanRoots(int generation) =>
        _ = NativeCall.Invoke(Table->BeforeGcScanRoots, s_object, generation, 0, 0);

    /// <summary>Calls a function with the address of each reference on a stack or in a register.</summary>
    internal static void ScanRoots(
        delegate*<ManagedObject**, ScanContext*, uint, void> function, ScanContext* scan) =>
        _ = NativeCall.Invoke(Table->GcScanRoots, s_object, (nint)function, GcHeap.OldestGeneration,
            GcHeap.OldestGeneration, (nint)scan);

    internal static void AfterScanRoots(int generation, ScanContext* scan) =>
        _ = NativeCall.Invoke(
            Table->AfterGcScanRoots, s_object, generation, GcHeap.OldestGeneration, (nint)scan);

    /// <summary>
    /// Calls a function with the address of each reference to an object with a sync block; the runtime frees
    /// the sync block if the function clears the reference.
    /// </summary>
    internal static void ScanSyncBlocks(delegate*<ManagedObject**, nuint*, nuint, nuint, void> function) =>
        _ = NativeCall.Invoke(Table->SyncBlockCacheWeakPtrScan, s_object, (nint)function, 0, 0);

    /// <summary>Returns the number of sync blocks in use.</summary>
    internal static uint SyncBlockCount() =>
        (uint)NativeCall.Invoke(Table->GetActiveSyncBlockCount, s_object);

    internal static void EndSyncBlocks() => _ = NativeCall.Invoke(
        Table->SyncBlockCachePromotionsGranted, s_object, GcHeap.OldestGeneration);

    /// <summary>Tells the runtime that a collection of a generation is done.</summary>
    internal static void Done(int generation) => _ = NativeCall.Invoke(Table->GcDone, s_object, generation);

    /// <summary>Determines whether the object of a reference-counted handle must stay alive.</summary>
    internal static bool IsCounted(ManagedObject* instance) =>
        (byte)NativeCall.Invoke(Table->RefCountedHandleCallbacks, s_object, (nint)instance) != 0;

    /// <summary>
    /// Finalizes a dead object immediately if its type is one of the runtime's own, such as
    /// <c>WeakReference</c>.
    /// </summary>
    /// <returns>Whether the object was finalized.</returns>
    internal static bool IsEagerlyFinalized(ManagedObject* instance) =>
        (byte)NativeCall.Invoke(Table->EagerFinalized, s_object, (nint)instance) != 0;

    /// <summary>Returns the number of processors that the process may use.</summary>
    internal static uint ProcessorCount() =>
        (uint)NativeCall.Invoke(Table->GetCurrentProcessCpuCount, s_object);

    /// <summary>Starts a thread of the collector, which the runtime never suspends.</summary>
    /// <param name="function">The body of the thread.</param>
    /// <param name="argument">The argument of the function.</param>
    /// <param name="name">The name of the thread, zero-terminated.</param>
    internal static bool TryStartThread(
        delegate*<void*, void> function, void* argument, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            return (byte)NativeCall.Invoke(
                Table->CreateThread, s_object, (nint)function, (nint)argument, 0, (nint)text) != 0;
        }
    }

    /// <summary>Returns the type of free objects.</summary>
    internal static MethodTable* FreeObjectType() =>
        (MethodTable*)NativeCall.Invoke(Table->GetFreeObjectMethodTable, s_object);

    /// <summary>Terminates the process after the heap was found to be damaged.</summary>
    internal static void FailFast() => _ = NativeCall.Invoke(
        Table->HandleFatalError, s_object, unchecked((int)0x80131506));

    /// <summary>Returns a Boolean setting, or a default value if it is not set.</summary>
    internal static bool IsSet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, bool otherwise)
    {
        byte value = 0;
        return TryGet(Table->GetBooleanConfigValue, key, publicKey, &value) ? value != 0 : otherwise;
    }

    /// <summary>
    /// Tries to get an integer setting: <c>DOTNET_key</c> of the environment, in hexadecimal, or the public
    /// key of <c>runtimeconfig.json</c>, in decimal.
    /// </summary>
    internal static bool TryGetInteger(ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, out long value)
    {
        long found = 0;
        bool exists = TryGet(Table->GetIntConfigValue, key, publicKey, &found);
        value = found;
        return exists;
    }

    /// <summary>Copies a text setting, truncated to the capacity, and zero-terminated.</summary>
    /// <returns>The length of the copy.</returns>
    internal static int GetText(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, byte* text, int capacity)
    {
        byte* found = null;
        int length = 0;
        if (TryGet(Table->GetStringConfigValue, key, publicKey, &found) && found != null)
        {
            for (; found[length] != 0 && length < capacity - 1; length++)
            {
                text[length] = found[length];
            }

            _ = NativeCall.Invoke(Table->FreeStringConfigValue, s_object, (nint)found);
        }

        text[length] = 0;
        return length;
    }

    private static bool TryGet(
        void* function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, void* value)
    {
        fixed (byte* privateName = key)
        fixed (byte* publicName = publicKey)
        {
            return (byte)NativeCall.Invoke(
                function, s_object, (nint)privateName, (nint)publicName, (nint)value) != 0;
        }
    }
}
