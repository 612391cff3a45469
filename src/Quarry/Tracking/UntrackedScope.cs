namespace Quarry;

/// <summary>
/// The scope in which a thread is not tracked; see <see cref="AllocationGroup.Untracked"/>.
/// </summary>
public ref struct UntrackedScope
{
    private bool _isEntered;

    /// <summary>Enters the scope.</summary>
    internal static UntrackedScope Enter()
    {
        GroupContext.Silence();
        return new UntrackedScope { _isEntered = true };
    }

    /// <summary>
    /// Resumes tracking of the thread, unless it is inside another scope. Does nothing for the default value,
    /// and when called again.
    /// </summary>
    public void Dispose()
    {
        if (_isEntered)
        {
            _isEntered = false;
            GroupContext.Unsilence();
        }
    }
}
