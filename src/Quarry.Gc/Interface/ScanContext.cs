namespace Quarry.Gc;

/// <summary>The arguments of a scan of roots, which the runtime passes on: <c>ScanContext</c>.</summary>
internal unsafe struct ScanContext
{
    public void* Thread;

    /// <summary>The number of the collecting thread, of several.</summary>
    public int ThreadNumber;

    public int ThreadCount;
    public nuint StackLimit;

    /// <summary>Whether objects are marked; otherwise, references to moved objects are updated.</summary>
    public byte Promotion;

    public byte Concurrent;
    public void* Unused;
    public void* MethodDescription;
    public int RootKind;

    // Later runtimes may append fields.
    private fixed ulong _spare[4];
}
