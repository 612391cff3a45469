namespace Quarry;

/// <summary>Represents the options of a heap. The defaults suit most uses.</summary>
/// <remarks>
/// <c>default(HeapOptions)</c> differs from <c>new HeapOptions()</c> in one way: freed memory is returned to
/// the system at once.
/// </remarks>
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

    /// <summary>
    /// Gets or sets the source of memory; by default, and if it is the default value, the operating system.
    /// </summary>
    public PageSource PageSource { get; set; }

    /// <summary>
    /// Gets or sets the number of bytes of address space to reserve for a region. The first region reserves
    /// at most 1 GiB. A region is smaller if the system refuses this size, and reserves at most an eighth of
    /// a limit such as <c>ulimit -v</c>. For a <see cref="FixedPageSource"/>, the size of its range. 0 stands
    /// for <see cref="DefaultReserveBytes"/>.
    /// </summary>
    public nuint ReserveBytes { get; set; }

    /// <summary>
    /// Gets or sets the maximum number of bytes of pages and mappings in use; 0 for no limit.
    /// </summary>
    public nuint LimitBytes { get; set; }

    /// <summary>
    /// Gets or sets the number of milliseconds until freed memory is returned to the system; 0 returns it at
    /// once, and a negative number never.
    /// </summary>
    public int DecayMilliseconds { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with <see cref="OnExhaustedState"/>, the size and the alignment
    /// of a request that exceeds the limit or that the system refuses. It may free blocks of this heap and
    /// return true to retry the request; if it returns false, the allocation fails. It may be called on any
    /// thread, and must not throw.
    /// </summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted { get; set; }

    /// <summary>Gets or sets the first argument of <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with an address that is freed or resized but is not a block of
    /// the heap, such as a large block that was freed before; null to ignore such addresses.
    /// </summary>
    public delegate*<void*, void> OnForeign { get; set; }

    /// <summary>
    /// Gets or sets a function that is called with a small block whose double free was detected; null to
    /// ignore double frees. Only those that can be detected at no cost are. The function may be called inside
    /// a slow path, so it must not use the heap.
    /// </summary>
    public delegate*<void*, void> OnDoubleFree { get; set; }

    /// <summary>
    /// Gets or sets the number of slow paths, in all threads, between two checks of a thread heap in a debug
    /// build; 0 to disable the checks.
    /// </summary>
    internal nuint CheckInterval { get; set; }

    /// <summary>
    /// Gets or sets what is written into blocks. Every call then takes a slow path.
    /// </summary>
    internal HeapFill Fill { get; set; }

    /// <summary>
    /// Gets or sets the slots from which one in a number of small blocks is served, so that errors of the
    /// program show; null for none. Several heaps of one host share them.
    /// </summary>
    internal GuardedBlocks* Guards { get; set; }

    /// <summary>
    /// Gets or sets the heap from which threads that are attached by the host's thread word are served
    /// instead, so that their errors are found; null for none.
    /// </summary>
    internal IsolatedHeap* Isolated { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether large blocks begin at different cache lines; see <see
    /// cref="LinePlacement"/>. Otherwise they begin at multiples of 64 KiB.
    /// </summary>
    internal bool VariesLines { get; set; }

    /// <summary>Returns these options with what is not set replaced by its default.</summary>
    internal readonly HeapOptions OrDefaults()
    {
        HeapOptions options = this;
        if (options.PageSource.Reserve == null)
        {
            options.PageSource = PageSource.System();
        }

        if (options.ReserveBytes == 0)
        {
            options.ReserveBytes = unchecked((nuint)DefaultReserveBytes);
        }

        return options;
    }
}
