namespace Quarry;

/// <summary>The allocator that serves nothing.</summary>
/// <remarks>
/// The end of a chain of allocators, and the stand-in for memory that has run out. It has all traits, since
/// there is no block for which one could fail to hold; so a combination with it keeps those of the other
/// part. To give it a block is a mistake of the caller, and reported. Thread-safe; nothing to dispose.
/// </remarks>
public readonly unsafe struct Null : IAllocator
{
    private static delegate*<void*, void> s_onForeign;

    /// <inheritdoc/>
    public static AllocatorTraits Traits =>
        AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership
        | AllocatorTraits.ThreadSafe | AllocatorTraits.KnowsSize | AllocatorTraits.DeallocatesAll;

    /// <summary>
    /// Called with the address of a block that any <see cref="Null"/> is given; null, the default, writes a
    /// line with the address to standard error. It may run on any thread.
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
    /// <returns>False.</returns>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        Deallocate(block, layout);
        return false;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    /// <returns>False.</returns>
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

        const int MaxLength = 64, HexDigits = 2 * sizeof(ulong);
        TextBuffer line = new(stackalloc byte[MaxLength]);
        line.Append("quarry: Null was given the block 0x"u8);
        line.AppendHex((nuint)block, HexDigits);
        line.Append((byte)'\n');
        StandardError.Write(ref line);
    }
}
