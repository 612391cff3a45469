using System.Runtime.InteropServices;

namespace Quarry.Bench;

/// <summary>Memory that is written and freed before each run.</summary>
/// <remarks>
/// The kernel gives it to the next process. On a virtual machine whose host takes back free memory, the first
/// process that uses it again would otherwise wait for the host, for each page several times longer than for
/// the page fault itself, and would pay for all that follow.
/// </remarks>
internal static unsafe partial class TouchedMemory
{
    private const nuint HugePage = 2 << 20;

    // MADV_HUGEPAGE of Linux.
    private const int AdviceHugePages = 14;

    /// <summary>Writes as many bytes as a run is expected to need.</summary>
    /// <remarks>
    /// In 4 KiB pages and in huge pages: the kernel keeps free memory in pieces of either size, and a process
    /// that asks for huge pages gets other memory than one that does not.
    /// </remarks>
    internal static void Prepare(nuint bytes)
    {
        Touch(bytes, huge: false);
        Touch(bytes, huge: true);
    }

    private static void Touch(nuint bytes, bool huge)
    {
        void* memory = NativeMemory.AlignedAlloc(bytes, HugePage);
        if (huge)
        {
            // Where the kernel has no huge pages it refuses, and no process gets any.
            _ = Advise(memory, bytes, AdviceHugePages);
        }

        NativeMemory.Clear(memory, bytes);
        NativeMemory.AlignedFree(memory);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint size, int advice);
}
