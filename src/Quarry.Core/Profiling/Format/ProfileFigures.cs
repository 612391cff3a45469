using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The figures of the heap in a profile file; sizes in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProfileFigures
{
    /// <summary>The usable bytes of the blocks in use, as the heap's tables have them.</summary>
    public ulong InUseBytes;

    /// <summary>The number of blocks in use (an integer).</summary>
    public ulong InUseBlocks;

    /// <summary>The bytes in slices and mappings that are in use.</summary>
    public ulong UsedBytes;

    /// <summary>The highest value of <see cref="UsedBytes"/>.</summary>
    public ulong PeakUsedBytes;

    /// <summary>The bytes of memory that the heap has committed.</summary>
    public ulong CommittedBytes;

    /// <summary>The resident memory of the process.</summary>
    public ulong ResidentBytes;

    /// <summary>The highest resident memory of the process.</summary>
    public ulong PeakResidentBytes;

    /// <summary>The number of allocations since the start of the process (an integer).</summary>
    public ulong Allocations;

    /// <summary>The number of frees since the start of the process (an integer).</summary>
    public ulong Frees;

    /// <summary>The bytes allocated since the start of the process.</summary>
    public ulong AllocatedBytes;

    /// <summary>The number of thread heaps in use (an integer).</summary>
    public ulong Threads;

    /// <summary>The processor time of the process, in nanoseconds.</summary>
    public ulong ProcessorTime;
}
