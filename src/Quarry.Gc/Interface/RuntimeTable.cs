namespace Quarry.Gc;

/// <summary>
/// The function table of <c>IGCToCLR</c>, which the runtime implements, in the interface's order and by its
/// names. <see cref="Runtime"/> has the signatures of the functions that are called.
/// </summary>
internal unsafe struct RuntimeTable
{
    // Suspension and roots
    public void* SuspendEE;
    public void* RestartEE;
    public void* GcScanRoots;
    public void* GcStartWork;
    public void* BeforeGcScanRoots;
    public void* AfterGcScanRoots;
    public void* GcDone;
    public void* RefCountedHandleCallbacks;
    public void* SyncBlockCacheWeakPtrScan;
    public void* SyncBlockCacheDemote;
    public void* SyncBlockCachePromotionsGranted;
    public void* GetActiveSyncBlockCount;

    // Threads
    public void* IsPreemptiveGCDisabled;
    public void* EnablePreemptiveGC;
    public void* DisablePreemptiveGC;
    public void* GetThread;
    public void* GetAllocContext;
    public void* GcEnumAllocContexts;
    public void* GetLoaderAllocatorObjectForGC;
    public void* CreateThread;

    // Profilers
    public void* DiagGCStart;
    public void* DiagUpdateGenerationBounds;
    public void* DiagGCEnd;
    public void* DiagWalkFReachableObjects;
    public void* DiagWalkSurvivors;
    public void* DiagWalkUOHSurvivors;
    public void* DiagWalkBGCSurvivors;

    // Write barrier and finalizers
    public void* StompWriteBarrier;
    public void* EnableFinalization;
    public void* HandleFatalError;
    public void* EagerFinalized;
    public void* GetFreeObjectMethodTable;

    // Settings
    public void* GetBooleanConfigValue;
    public void* GetIntConfigValue;
    public void* GetStringConfigValue;
    public void* FreeStringConfigValue;

    // Threads of the collector, events, diagnostics
    public void* IsGCThread;
    public void* WasCurrentThreadCreatedByGC;
    public void* WalkAsyncPinnedForPromotion;
    public void* WalkAsyncPinned;
    public void* EventSink;
    public void* GetTotalNumSizedRefHandles;
    public void* AnalyzeSurvivorsRequested;
    public void* AnalyzeSurvivorsFinished;
    public void* VerifySyncTableEntry;
    public void* UpdateGCEventStatus;
    public void* LogStressMsg;
    public void* GetCurrentProcessCpuCount;
    public void* DiagAddNewRegion;
    public void* LogErrorToHost;
    public void* GetThreadOSThreadId;
    public void* TriggerClientBridgeProcessing;
}
