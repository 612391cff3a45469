namespace Quarry;

/// <summary>The record of a slot of <see cref="GuardedBlocks"/>, which outlives the block.</summary>
/// <remarks>
/// The thread that replaces the state by <see cref="GuardSlotState.Changing"/> owns the record until it sets
/// another state. A report reads the record without owning it: the program is about to end, or has freed a
/// block wrongly, so a torn stack is the worst that can happen.
/// </remarks>
internal unsafe struct GuardSlot
{
    /// <summary>The most frames of a stack.</summary>
    internal const int MaxFrames = 30;

    /// <summary>A <see cref="GuardSlotState"/>.</summary>
    public nuint State;

    /// <summary>The address of the block.</summary>
    public nuint Address;

    /// <summary>The number of bytes requested.</summary>
    public nuint Size;

    /// <summary>The record of the block if it is sampled; see <c>SampleRecords</c>.</summary>
    public nuint Sample;

    /// <summary>The thread that allocated the block.</summary>
    public int AllocatingThread;

    /// <summary>The thread that freed the block.</summary>
    public int FreeingThread;

    /// <summary>The number of frames in <see cref="Allocation"/>.</summary>
    public int AllocationFrames;

    /// <summary>The number of frames in <see cref="Release"/>.</summary>
    public int ReleaseFrames;

    /// <summary>The return addresses of the stack that allocated the block, innermost first.</summary>
    public fixed ulong Allocation[MaxFrames];

    /// <summary>The return addresses of the stack that freed the block, innermost first.</summary>
    public fixed ulong Release[MaxFrames];
}
