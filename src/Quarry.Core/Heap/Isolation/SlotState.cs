namespace Quarry;

/// <summary>The states of a slot or a large block of an <see cref="IsolatedHeap"/>.</summary>
/// <remarks>
/// <code>
///   Unused ──► Changing ──► InUse ──► Changing ──► Quarantined ──► Free ──► Changing ...
///              allocate               free                         evict    allocate
/// </code>
/// The thread that sets <see cref="Changing"/> owns the slot until it sets another state. Only the step from
/// <see cref="InUse"/> can be attempted by two threads at once, and is a compare-and-swap.
/// </remarks>
internal static class SlotState
{
    /// <summary>The slot was never used, and its memory reads as zeros.</summary>
    internal const uint Unused = 0;

    /// <summary>A thread is allocating or freeing the block.</summary>
    internal const uint Changing = 1;

    /// <summary>The block is in use.</summary>
    internal const uint InUse = 2;

    /// <summary>The block was freed, and its slot is not reused yet.</summary>
    internal const uint Quarantined = 3;

    /// <summary>The slot may be reused.</summary>
    internal const uint Free = 4;

    /// <summary>The bits of a record below the state: the number of bytes requested.</summary>
    internal const int Shift = 24;

    internal const uint SizeMask = (1u << Shift) - 1;

    internal static uint Of(uint record) => record >> Shift;

    internal static uint Pack(uint state, nuint size) => (state << Shift) | (uint)size;
}
