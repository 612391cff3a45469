using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Receives the memory of blocks that an allocator frees all at once.</summary>
/// <remarks>
/// Checked builds of the library clear it, which is how they detect collections in that memory. Elsewhere
/// nothing happens.
/// </remarks>
internal static unsafe partial class FreedBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Pass(nuint start, nuint end) => Receive(start, end);

    static partial void Receive(nuint start, nuint end);
}
