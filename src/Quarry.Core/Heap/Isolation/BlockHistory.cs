namespace Quarry;

/// <summary>The calls that allocated and freed a block.</summary>
internal struct BlockHistory
{
    /// <summary>The number of the stack that allocated the block, see <see cref="KeptStacks"/>; 0 if unknown.
    /// </summary>
    public uint AllocationStack;

    /// <summary>The number of the stack that freed it.</summary>
    public uint ReleaseStack;

    /// <summary>The thread that allocated it.</summary>
    public int AllocatingThread;

    /// <summary>The thread that freed it.</summary>
    public int FreeingThread;
}
