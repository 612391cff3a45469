namespace Quarry;

/// <summary>An error that an <see cref="IsolatedHeap"/> has found.</summary>
internal unsafe struct IsolatedError
{
    /// <summary>What the program did wrong.</summary>
    public GuardError Error;

    /// <summary>The address that the program passed or accessed, or that was found damaged.</summary>
    public void* Address;

    /// <summary>The block; its <see cref="IsolatedBlock.Address"/> is null if there is none.</summary>
    public IsolatedBlock Details;

    /// <summary>The size or the alignment that the program passed, if it is the error.</summary>
    public nuint Passed;
}
