namespace Quarry.Gc;

/// <summary>
/// The function table of <c>IGCHandleStore</c>, in the interface's order and by its names.
/// </summary>
internal unsafe struct HandleStoreTable
{
    public delegate*<void*, void> Uproot;
    public delegate*<void*, HandleCell*, byte> ContainsHandle;
    public delegate*<void*, ManagedObject*, int, HandleCell*> CreateHandleOfType;

    /// <summary>An overload of the previous function, with the number of a heap of Server GC.</summary>
    public delegate*<void*, ManagedObject*, int, int, HandleCell*> CreateHandleOfTypeOnHeap;

    public delegate*<void*, ManagedObject*, int, void*, HandleCell*> CreateHandleWithExtraInfo;
    public delegate*<void*, ManagedObject*, ManagedObject*, HandleCell*> CreateDependentHandle;

    /// <summary>The destructor takes two slots in the C++ ABI of Linux.</summary>
    public delegate*<void*, void> CompleteDestructor;

    public delegate*<void*, void> DeletingDestructor;
}
