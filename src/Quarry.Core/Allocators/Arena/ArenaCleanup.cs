namespace Quarry;

/// <summary>A callback that an arena runs before memory is freed. Stored in the arena itself.</summary>
internal unsafe struct ArenaCleanup
{
    /// <summary>The callback registered before this one. It runs after this one.</summary>
    public ArenaCleanup* Previous;

    /// <summary>The function.</summary>
    public delegate*<void*, void> Action;

    /// <summary>The argument of the function.</summary>
    public void* Argument;
}
