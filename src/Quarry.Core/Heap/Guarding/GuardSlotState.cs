namespace Quarry;

/// <summary>The states of a <see cref="GuardSlot"/>.</summary>
internal static class GuardSlotState
{
    /// <summary>The slot was never used.</summary>
    internal const nuint Unused = 0;

    /// <summary>A thread is changing the slot.</summary>
    internal const nuint Changing = 1;

    /// <summary>The block is in use.</summary>
    internal const nuint InUse = 2;

    /// <summary>The block was freed, and its pages are inaccessible.</summary>
    internal const nuint Freed = 3;
}
