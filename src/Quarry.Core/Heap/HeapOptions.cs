namespace Quarry;

/// <summary>How a heap is made. The default value is the right one for most.</summary>
public unsafe struct HeapOptions
{
    /// <summary>
    /// Address space to reserve at once where nothing speaks against it; it costs no memory.
    /// </summary>
    public const ulong DefaultReserveBytes = 64ul << 30;

    /// <summary>Milliseconds until freed memory goes back to the system, unless set.</summary>
    public const int DefaultDecayMilliseconds = 1000;

    /// <summary>The default options.</summary>
    public HeapOptions()
    {
        Pages = PageSource.System();
        ReserveBytes = unchecked((nuint)DefaultReserveBytes);
        DecayMilliseconds = DefaultDecayMilliseconds;
    }

    /// <summary>Where the heap gets its pages from; the system by default.</summary>
    public PageSource Pages { get; set; }

    /// <summary>
    /// Address space of each region, in bytes. Less is taken where the system refuses, and an eighth of a
    /// <c>ulimit -v</c>. For a <see cref="FixedPageSource"/> source, the size of its range.
    /// </summary>
    public nuint ReserveBytes { get; set; }

    /// <summary>
    /// The most memory, in bytes, that blocks and the pages around them may take; 0 for no limit.
    /// </summary>
    public nuint LimitBytes { get; set; }

    /// <summary>Milliseconds until freed memory goes back to the system: 0 at once, negative never.</summary>
    public int DecayMilliseconds { get; set; }

    /// <summary>
    /// Called with <see cref="OnExhaustedState"/>, size and alignment when the limit is reached or the
    /// system has no more memory. It may free blocks of this heap and return true to try again; if it
    /// returns false, the caller gets null. It may run on any thread, and must not throw.
    /// </summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted { get; set; }

    /// <summary>Passed to <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState { get; set; }

    /// <summary>
    /// Called with an address that was to be freed or resized and is no block of the heap; null to ignore
    /// it.
    /// </summary>
    public delegate*<void*, void> OnForeign { get; set; }
}
