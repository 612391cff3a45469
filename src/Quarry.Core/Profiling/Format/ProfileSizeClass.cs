using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The figures of one size class of the heap; the last entry is that of all larger blocks.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileSizeClass
{
    /// <summary>The size of a block, in bytes; 0 for larger blocks.</summary>
    public ulong BlockSize;

    /// <summary>The number of blocks in use (an integer).</summary>
    public ulong InUseBlocks;

    /// <summary>The number of allocations since the start of the process (an integer).</summary>
    public ulong Allocations;

    /// <summary>The bytes of the pages of the class.</summary>
    public ulong PageBytes;
}
