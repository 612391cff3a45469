namespace Quarry;

/// <summary>
/// The scope in which a thread is not tracked; see <see cref="AllocationGroup.Untracked"/>.
/// </summary>
public readonly ref struct UntrackedScope
{
    /// <summary>Lets the thread be tracked again, unless a scope around this one does not.</summary>
#pragma warning disable CA1822 // what it changes is the thread's
    public void Dispose() => GroupContext.Unsilence();
#pragma warning restore CA1822
}
