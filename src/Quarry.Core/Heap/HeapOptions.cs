namespace Quarry;

/// <summary>Represents the options of a heap. The defaults suit most uses.</summary>
public unsafe struct HeapOptions
{
    /// <summary>The default of <see cref="ReserveBytes"/>, in bytes.</summary>
    public const ulong DefaultReserveBytes = 64ul << 30;

    /// <summary>The default of <see cref="DecayMilliseconds"/>.</summary>
    public const int DefaultDecayMilliseconds = 1000;

    /// <summary>Initializes a new instance with the defaults.</summary>
    public HeapOptions()
    {
        PageSource = PageSource.System();
        ReserveBytes = unchecked((nuint)DefaultReserveBytes);
        DecayMilliseconds = DefaultDecayMilliseconds;
    }

    /// <summary>Gets or sets the source of memory; by default the operating system.</summary>
    public PageSource PageSource { get; set; }

    /// <summary>
    /// Gets or sets the address space of a region, in bytes. The first region takes at most 1 GiB of it. Less
    /// is reserved where the system refuses, and an eighth of a limit such as <c>ulimit -v</c>. For a <see
    /// cref="FixedPageSource"/>, the size of its range.
    /// </summary>
    public nuint ReserveBytes { get; set; }

    /// <summary>
    /// Gets or sets the most memory, in bytes, that blocks and the pages around them may use; 0 for no limit.
    /// </summary>
    public nuint LimitBytes { get; set; }

    /// <summary>
    /// Gets or sets the number of milliseconds until freed memory returns to the system: 0 at once, negative
    /// never.
    /// </summary>
    public int DecayMilliseconds { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with <see cref="OnExhaustedState"/>, size and alignment when
    /// the limit is reached or the system has no more memory. It may free blocks of this heap and return true
    /// to try again; if it returns false, the allocation fails. It may be called on any thread, and must not
    /// throw.
    /// </summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted { get; set; }

    /// <summary>Gets or sets the first argument of <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with an address that is freed or resized and is no block of the
    /// heap; null to ignore it.
    /// </summary>
    public delegate*<void*, void> OnForeign { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with a block that was freed twice, as far as that is detected
    /// at no cost; null to ignore it.
    /// </summary>
    public delegate*<void*, void> OnDoubleFree { get; set; }

    /// <summary>
    /// In a debug build, gets or sets the number of slow paths after which a thread's part of the heap is
    /// checked; 0 to check nothing.
    /// </summary>
    internal nuint CheckInterval { get; set; }
}
