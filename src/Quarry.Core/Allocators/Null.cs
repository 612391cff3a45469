namespace Quarry;

/// <summary>An allocator whose requests all fail.</summary>
/// <remarks>
/// Ends a chain of allocators, or simulates out-of-memory conditions. It has all traits, since there is no
/// block for which one could be violated; so a combination with it has the traits of the other part. Passing
/// a block to it is an error of the caller, and is reported. Thread-safe. It has no state, and needs no
/// disposal.
/// </remarks>
public readonly unsafe struct Null : IAllocator
{
    private static delegate*<void*, void> s_onForeign;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership
        | AllocatorTraits.ThreadSafe | AllocatorTraits.KnowsSize | AllocatorTraits.DeallocatesAll;

    /// <summary>
    /// Gets or sets the function that is called with the address of a block passed to any <see cref="Null"/>.
    /// If null, the default, a line with the address is written to standard error. The function can run on
    /// any thread.
    /// </summary>
    public static delegate*<void*, void> OnForeign
    {
        get => s_onForeign;
        set => s_onForeign = value;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => null;

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => null;

    /// <summary>Reports the block, unless it is null.</summary>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null)
        {
            Report(block);
        }
    }

    /// <inheritdoc cref="Deallocate"/>
    /// <returns>Null.</returns>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        Deallocate(block, layout);
        return null;
    }

    /// <inheritdoc cref="Deallocate"/>
    /// <returns><see langword="false"/>.</returns>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Deallocate(block, layout);
        return false;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    /// <returns><see langword="false"/>.</returns>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    private static void Report(void* block)
    {
        delegate*<void*, void> hook = OnForeign;
        if (hook != null)
        {
            hook(block);
            return;
        }

        const int MaxLength = 96, HexDigits = 2 * sizeof(ulong);
        TextBuffer line = new(stackalloc byte[MaxLength]);
        line.Append("quarry: block passed to Null, which owns none: 0x"u8);
        line.AppendHex((nuint)block, HexDigits);
        line.Append((byte)'\n');
        StandardError.Write(ref line);
    }
}
