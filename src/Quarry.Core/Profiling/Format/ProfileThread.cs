using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>What one thread has allocated.</summary>
/// <remarks>
/// The number of entries is limited; when it is reached, later threads share the last entry, which keeps the
/// name of its first thread.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = EntryBytes)]
internal unsafe struct ProfileThread
{
    /// <summary>The size of an entry.</summary>
    internal const int EntryBytes = 64;

    /// <summary>The number of entries in a record; unused ones are zero.</summary>
    internal const int PerRecord = 32;

    /// <summary>The thread ID; written last.</summary>
    public int ThreadId;

    /// <summary>The length of <see cref="Name"/>.</summary>
    public int NameLength;

    /// <summary>The name of the thread, as the kernel knows it, in UTF-8.</summary>
    public fixed byte Name[16];

    /// <summary>The bytes requested for all blocks that the thread has allocated.</summary>
    public ulong Bytes;

    /// <summary>The number of these blocks, in fixed point.</summary>
    public ulong Blocks;

    /// <summary>The bytes requested for all recorded blocks that the thread has freed.</summary>
    public ulong FreedBytes;

    /// <summary>The time of the first allocation.</summary>
    public ulong FirstTime;
}
