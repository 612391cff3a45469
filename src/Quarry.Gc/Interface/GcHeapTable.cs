namespace Quarry.Gc;

/// <summary>
/// The function table of <c>IGCHeap</c>, which the runtime calls for everything except handles. Names and
/// order are those of the interface; a test compares them with a list.
/// </summary>
/// <remarks>
/// A <c>bool</c> of C++ is a <see cref="byte"/> here. Callbacks of the runtime are <c>void*</c>: C# without a
/// runtime can call them only through <see cref="NativeCall"/>.
/// </remarks>
internal unsafe struct GcHeapTable
{
    // Settings
    public delegate*<void*, nuint, byte> IsValidSegmentSize;
    public delegate*<void*, nuint, byte> IsValidGen0MaxSize;
    public delegate*<void*, byte, nuint> GetValidSegmentSize;
    public delegate*<void*, nuint, void> SetReservedVMLimit;

    // Concurrent collections
    public delegate*<void*, void> WaitUntilConcurrentGCComplete;
    public delegate*<void*, byte> IsConcurrentGCInProgress;
    public delegate*<void*, void> TemporaryEnableConcurrentGC;
    public delegate*<void*, void> TemporaryDisableConcurrentGC;
    public delegate*<void*, byte> IsConcurrentGCEnabled;
    public delegate*<void*, int, int> WaitUntilConcurrentGCCompleteAsync;

    // Finalizers that are due
    public delegate*<void*, nuint> GetNumberOfFinalizable;
    public delegate*<void*, ManagedObject*> GetNextFinalizable;

    // The class System.GC
    public delegate*<
        void*,
        ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*, ulong*,
        uint*, uint*, byte*, byte*,
        ulong*, ulong*, int, void> GetMemoryInfo;
    public delegate*<void*, uint> GetMemoryLoad;
    public delegate*<void*, int> GetGcLatencyMode;
    public delegate*<void*, int, int> SetGcLatencyMode;
    public delegate*<void*, int> GetLOHCompactionMode;
    public delegate*<void*, int, void> SetLOHCompactionMode;
    public delegate*<void*, uint, uint, byte> RegisterForFullGCNotification;
    public delegate*<void*, byte> CancelFullGCNotification;
    public delegate*<void*, int, int> WaitForFullGCApproach;
    public delegate*<void*, int, int> WaitForFullGCComplete;
    public delegate*<void*, ManagedObject*, uint> WhichGeneration;
    public delegate*<void*, int, int, int> CollectionCount;
    public delegate*<void*, ulong, byte, ulong, byte, int> StartNoGCRegion;
    public delegate*<void*, int> EndNoGCRegion;
    public delegate*<void*, nuint> GetTotalBytesInUse;
    public delegate*<void*, ulong> GetTotalAllocatedBytes;
    public delegate*<void*, int, byte, int, int> GarbageCollect;
    public delegate*<void*, uint> GetMaxGeneration;
    public delegate*<void*, ManagedObject*, void> SetFinalizationRun;
    public delegate*<void*, int, ManagedObject*, byte> RegisterForFinalization;
    public delegate*<void*, int> GetLastGCPercentTimeInGC;
    public delegate*<void*, int, nuint> GetLastGCGenerationSize;

    // The runtime
    public delegate*<void*, int> Initialize;
    public delegate*<void*, ManagedObject*, byte> IsPromoted;
    public delegate*<void*, void*, byte, byte> IsHeapPointer;
    public delegate*<void*, uint> GetCondemnedGeneration;
    public delegate*<void*, byte, byte> IsGCInProgressHelper;
    public delegate*<void*, uint> GetGcCount;
    public delegate*<void*, AllocationContext*, int, byte> IsThreadUsingAllocationContextHeap;
    public delegate*<void*, ManagedObject*, byte> IsEphemeral;
    public delegate*<void*, byte, uint> WaitUntilGCComplete;
    public delegate*<void*, AllocationContext*, void*, void*, void> FixAllocContext;
    public delegate*<void*, nuint> GetCurrentObjSize;
    public delegate*<void*, byte, void> SetGCInProgress;
    public delegate*<void*, byte> RuntimeStructuresValid;
    public delegate*<void*, byte, void> SetSuspensionPending;
    public delegate*<void*, float, void> SetYieldProcessorScalingFactor;
    public delegate*<void*, void> Shutdown;

    // Memory pressure
    public delegate*<void*, int, nuint> GetLastGCStartTime;
    public delegate*<void*, int, nuint> GetLastGCDuration;
    public delegate*<void*, nuint> GetNow;

    // Allocation and suspension
    public delegate*<void*, AllocationContext*, nuint, uint, ManagedObject*> Alloc;
    public delegate*<void*, byte*, void> PublishObject;
    public delegate*<void*, void> SetWaitForGCEvent;
    public delegate*<void*, void> ResetWaitForGCEvent;

    // Verification
    public delegate*<void*, ManagedObject*, byte> IsLargeObject;
    public delegate*<void*, ManagedObject*, void> ValidateObjectMember;
    public delegate*<void*, ManagedObject*, ManagedObject*> NextObj;
    public delegate*<void*, void*, byte, ManagedObject*> GetContainingObject;

    // Profilers and heap dumps
    public delegate*<void*, ManagedObject*, void*, nint, void> DiagWalkObject;
    public delegate*<void*, ManagedObject*, void*, nint, void> DiagWalkObject2;
    public delegate*<void*, void*, nint, int, byte, void> DiagWalkHeap;
    public delegate*<void*, nint, void*, nint, int, int, void> DiagWalkSurvivorsWithType;
    public delegate*<void*, nint, void*, void> DiagWalkFinalizeQueue;
    public delegate*<void*, void*, nint, void> DiagScanFinalizeQueue;
    public delegate*<void*, void*, int, nint, void> DiagScanHandles;
    public delegate*<void*, void*, int, nint, void> DiagScanDependentHandles;
    public delegate*<void*, void*, nint, void> DiagDescrGenerations;
    public delegate*<void*, void> DiagTraceGCSegments;
    public delegate*<void*, nuint*, void> DiagGetGCSettings;
    public delegate*<void*, AllocationContext*, byte> StressHeap;

    // Frozen segments
    public delegate*<void*, SegmentInfo*, HeapSegment*> RegisterFrozenSegment;
    public delegate*<void*, HeapSegment*, void> UnregisterFrozenSegment;
    public delegate*<void*, ManagedObject*, byte> IsInFrozenSegment;

    // Appended by later versions of the interface
    public delegate*<void*, int, int, void> ControlEvents;
    public delegate*<void*, int, int, void> ControlPrivateEvents;
    public delegate*<void*, ManagedObject*, byte**, byte**, byte**, uint> GetGenerationWithRange;
    public delegate*<void*, long> GetTotalPauseDuration;
    public delegate*<void*, nint, void*, void> EnumerateConfigurationValues;
    public delegate*<void*, HeapSegment*, byte*, byte*, void> UpdateFrozenSegment;
    public delegate*<void*, int> RefreshMemoryLimit;
    public delegate*<void*, FinalizerWorkItem*, ulong, int> EnableNoGCRegionCallback;
    public delegate*<void*, FinalizerWorkItem*> GetExtraWorkForFinalization;
    public delegate*<void*, int, ulong> GetGenerationBudget;
    public delegate*<void*, nuint> GetLOHThreshold;
    public delegate*<void*, void*, nint, int, byte, void> DiagWalkHeapWithACHandling;
    public delegate*<void*, nuint, nint, void> NullBridgeObjectsWeakRefs;
}
