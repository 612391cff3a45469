namespace Quarry;

/// <summary>What a <see cref="StackWalker"/> receives from its host; zero is valid for every field.</summary>
internal unsafe struct StackWalkerOptions
{
    /// <summary>
    /// The C library's <c>int _dl_find_object(void*, struct dl_find_object*)</c>; null if the process has no
    /// such function. The walker then asks the kernel for mappings, by <c>PROCMAP_QUERY</c> or
    /// <c>/proc/self/maps</c>.
    /// </summary>
    public void* FindObject { get; init; }

    /// <summary>
    /// The first address of the host's own code. The innermost frames of a stack are dropped while they lie
    /// in it.
    /// </summary>
    public nuint OwnStart { get; init; }

    /// <summary>The address behind the host's own code.</summary>
    public nuint OwnEnd { get; init; }

    /// <summary>
    /// Called with <see cref="Context"/> when a walk meets a module for the first time, and again when
    /// another module was loaded in its place; may be null.
    /// </summary>
    /// <remarks>
    /// Several threads may call it at once, and signal handlers; it must neither allocate nor walk a stack. A
    /// process that loads more than a thousand modules may report one twice.
    /// </remarks>
    public delegate*<void*, StackModule*, void> OnModule { get; init; }

    /// <summary>The first argument of <see cref="OnModule"/>.</summary>
    public void* Context { get; init; }
}
