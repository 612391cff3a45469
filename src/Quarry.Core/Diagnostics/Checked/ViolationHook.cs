namespace Quarry;

/// <summary>Represents a function that is called when a checked allocator detects a violation.</summary>
public readonly unsafe struct ViolationHook
{
    private readonly delegate*<void*, CheckedViolation*, void> _function;

    /// <summary>Initializes a hook that calls a function.</summary>
    /// <param name="function">
    /// The function; its second argument is the violation, which is valid during the call. It must not throw.
    /// </param>
    /// <param name="context">The value that is passed as the first argument of the function.</param>
    public ViolationHook(delegate*<void*, CheckedViolation*, void> function, void* context)
    {
        _function = function;
        Context = context;
    }

    internal void* Context { get; }

    internal void Invoke(CheckedViolation* violation)
    {
        if (_function != null)
        {
            _function(Context, violation);
        }
    }
}
