namespace Quarry;

/// <summary>Represents a function that is called when more bytes than a threshold are in use.</summary>
public readonly unsafe struct ThresholdHook
{
    private readonly delegate*<void*, nuint, void> _function;
    private readonly void* _context;

    /// <summary>Initializes a hook that calls a function.</summary>
    /// <param name="function">
    /// The function; its second argument is the number of bytes in use. It must not throw.
    /// </param>
    /// <param name="context">The value that is passed as the first argument of the function.</param>
    public ThresholdHook(delegate*<void*, nuint, void> function, void* context)
    {
        _function = function;
        _context = context;
    }

    internal void Invoke(nuint bytes)
    {
        if (_function != null)
        {
            _function(_context, bytes);
        }
    }
}
