namespace Quarry;

/// <summary>Something an arena has to do before it lets memory go; lies in the arena itself.</summary>
internal unsafe struct ArenaCleanup
{
    /// <summary>The one before, to be done after this one.</summary>
    public ArenaCleanup* Previous;

    /// <summary>What to do.</summary>
    public delegate*<void*, void> Action;

    /// <summary>What to do it with.</summary>
    public void* Argument;
}
