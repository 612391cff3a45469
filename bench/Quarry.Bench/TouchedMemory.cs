using System.Runtime.InteropServices;

namespace Quarry.Bench;

/// <summary>Memory that is written and freed before each run.</summary>
/// <remarks>
/// The kernel gives it to the next process. On a virtual machine whose host takes back free memory, the first
/// process that uses it again would otherwise wait for the host, for each page several times longer than for
/// the page fault itself, and would pay for all that follow.
/// </remarks>
internal static unsafe class TouchedMemory
{
    // A huge page, so that the memory is free in pieces of this size afterwards.
    private const nuint Alignment = 2 << 20;

    /// <summary>Writes as many bytes as a run is expected to need.</summary>
    internal static void Prepare(nuint bytes)
    {
        void* memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(memory, bytes);
        NativeMemory.AlignedFree(memory);
    }
}
