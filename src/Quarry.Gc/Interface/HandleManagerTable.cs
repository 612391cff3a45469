namespace Quarry.Gc;

/// <summary>
/// The function table of <c>IGCHandleManager</c>, in the interface's order and by its names.
/// </summary>
internal unsafe struct HandleManagerTable
{
    public delegate*<void*, byte> Initialize;
    public delegate*<void*, void> Shutdown;
    public delegate*<void*, void*> GetGlobalHandleStore;
    public delegate*<void*, void*> CreateHandleStore;
    public delegate*<void*, void*, void> DestroyHandleStore;
    public delegate*<void*, ManagedObject*, int, HandleCell*> CreateGlobalHandleOfType;
    public delegate*<void*, HandleCell*, HandleCell*> CreateDuplicateHandle;
    public delegate*<void*, HandleCell*, int, void> DestroyHandleOfType;
    public delegate*<void*, HandleCell*, void> DestroyHandleOfUnknownType;
    public delegate*<void*, HandleCell*, int, void*, void> SetExtraInfoForHandle;
    public delegate*<void*, HandleCell*, nuint> GetExtraInfoFromHandle;
    public delegate*<void*, HandleCell*, ManagedObject*, void> StoreObjectInHandle;
    public delegate*<void*, HandleCell*, ManagedObject*, byte> StoreObjectInHandleIfNull;
    public delegate*<void*, HandleCell*, ManagedObject*, void> SetDependentHandleSecondary;
    public delegate*<void*, HandleCell*, nuint> GetDependentHandleSecondary;
    public delegate*<void*, HandleCell*, ManagedObject*, ManagedObject*, nuint>
        InterlockedCompareExchangeObjectInHandle;
    public delegate*<void*, HandleCell*, int> HandleFetchType;
    public delegate*<void*, void*, nuint, nuint, void> TraceRefCountedHandles;
}
