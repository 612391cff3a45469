namespace Quarry;

/// <summary>What a recording knows about one thread.</summary>
internal unsafe struct ThreadRecord
{
    /// <summary>The size of <see cref="Label"/>: 16 characters, as in jemalloc, and the zero.</summary>
    internal const int LabelCapacity = 17;

    /// <summary>
    /// The <see cref="ThreadToken"/>, which another thread may have once this one has ended.
    /// </summary>
    public nuint Token;

    /// <summary>The ID, which is read once, because reading it is a system call.</summary>
    public int ThreadId;

    /// <summary>
    /// Whether the end of the thread was reported. Only the thread itself reads it without the lock, or a
    /// later one with its token, which starts after it has ended.
    /// </summary>
    public bool Ended;

    /// <summary>Whether the blocks that the thread allocates are left out of samples.</summary>
    public bool IsMuted;

    /// <summary>The name that the program has given to the thread, zero-terminated.</summary>
    public fixed byte Label[LabelCapacity];

    /// <summary>The entry in the file; null if there was no room.</summary>
    public ProfileThread* Entry;

    /// <summary>The stack of its last event; null unless an exact recording is or was on.</summary>
    public LastStack* Stack;

    /// <summary>The block that the thread allocated last; null after another event.</summary>
    public void* LastBlock;
}
