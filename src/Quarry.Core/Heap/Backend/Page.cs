using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// What is known of one slice: the page of small blocks or the large block that begins there.
/// </summary>
/// <remarks>
/// One entry for each slice of a region, in a table, so that a pointer leads to its entry by a subtraction
/// and a shift. All but <see cref="Owner"/> and <see cref="Kind"/> is touched by the owner alone. The size
/// is a cache line: two threads that own neighbouring pages do not disturb each other.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Page
{
    /// <summary>Blocks that the owner took back, last one first.</summary>
    public Block* Free;

    /// <summary>
    /// The thread heap that may touch this page; null if it holds no small blocks. Read by any thread.
    /// </summary>
    public ThreadHeap* Owner;

    /// <summary>
    /// How many more blocks the owner may take back before it has to look at the page. 0 where there is no
    /// page of small blocks, so that one comparison on the fast path sorts out everything that is not
    /// plain.
    /// </summary>
    public nuint Left;

    /// <summary>Neighbours in the owner's list of pages with free blocks.</summary>
    public Page* Next;

    /// <inheritdoc cref="Next"/>
    public Page* Previous;

    /// <summary>The size of a block: of the class, or the usable bytes of a large block.</summary>
    public nuint BlockSize;

    /// <summary>How many slices the page or the large block has; 0 if there is none.</summary>
    public uint Slices;

    /// <summary>
    /// Blocks that will be out when <see cref="Left"/> has run down. In use are Left + Reserve.
    /// </summary>
    public ushort Reserve;

    /// <summary>How many blocks were ever cut from the page; what lies behind them is untouched.</summary>
    public ushort Carved;

    /// <summary>How many blocks the page has room for.</summary>
    public ushort Capacity;

    /// <summary>
    /// What the slice is part of. Written before a block is handed out, read by any thread that frees it.
    /// </summary>
    public PageKind Kind;

    /// <summary>Where the owner keeps the page.</summary>
    public PagePlace Place;

    /// <summary>The size class of the blocks.</summary>
    public byte Class;

    /// <summary>Inside a page: how many slices before this one the page begins.</summary>
    public byte SlicesToHead;

    /// <summary>Blocks that the program or a thread's free list holds.</summary>
    internal readonly int Used => (int)Left + Reserve;

    /// <summary>
    /// Sets how many blocks are out, and after how many that come back the owner looks at the page.
    /// </summary>
    /// <remarks>The last of them goes through the slow path, hence one less passes before it.</remarks>
    internal void SetUsed(int used, int lookAfter)
    {
        Left = used == 0 ? 0 : (nuint)(lookAfter - 1);
        Reserve = (ushort)(used == 0 ? 0 : used - lookAfter + 1);
    }
}
