using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The descriptor of one slice: of the page of small blocks, or of the large block, that begins there.
/// </summary>
/// <remarks>
/// <para>
/// A page, in mimalloc's sense, is a run of slices that serves one size class. A region holds one descriptor
/// for each slice in a table, so that a pointer leads to its descriptor by a subtraction and a shift. The
/// size is a cache line: two threads that own neighbouring pages do not disturb each other.
/// </para>
/// <para>
/// Invariants of a page of small blocks, whenever its owner is outside of its slow paths: <c>Left +
/// Reserve</c> = blocks in use or in the owner's free list; <c>length(Free) = Extended - (Left +
/// Reserve)</c>; <c>Extended ≤ Capacity</c>.
/// </para>
/// <para>
/// Other threads read <see cref="Owner"/>, <see cref="Kind"/>, <see cref="BlockSize"/>, <see
/// cref="Capacity"/>, <see cref="SlicesToHead"/> and <see cref="Place"/>. All but the last are written before
/// the first block leaves the page and stay as they are while one is in use, so a thread that frees a block
/// sees them: it got the block from a thread that saw them. For <see cref="Place"/> see <see
/// cref="RemoteQueue"/>.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct Page
{
    /// <summary>The size of a descriptor; the fast path scales an index by it with a shift.</summary>
    internal const int Bytes = 64, Log2Bytes = 6;

    /// <summary>Blocks that the owner freed, or drained from its remote queue; last freed first.</summary>
    public Block* Free;

    /// <summary>
    /// The thread heap that may change the page, opaque to the back end; null if it holds no small blocks.
    /// </summary>
    public void* Owner;

    /// <summary>
    /// The number of blocks that the owner may still free before it has to inspect the page. 0 where there is
    /// no page of small blocks, so that one comparison on the fast path catches every uncommon case.
    /// </summary>
    public nuint Left;

    /// <summary>The next page in the owner's list of available pages.</summary>
    public Page* Next;

    /// <summary>The previous page in the owner's list of available pages.</summary>
    public Page* Previous;

    /// <summary>The size of a block: of the class, or the usable bytes of a large block.</summary>
    public nuint BlockSize;

    /// <summary>The number of slices of the page or the large block; 0 if there is none.</summary>
    public uint Slices;

    /// <summary>The number of blocks that will be in use when <see cref="Left"/> has run down.</summary>
    public ushort Reserve;

    /// <summary>The number of blocks cut from the page so far; memory behind them is untouched.</summary>
    public ushort Extended;

    /// <summary>The number of blocks that the page has room for.</summary>
    public ushort Capacity;

    /// <summary>What the slice is part of.</summary>
    public PageKind Kind;

    /// <summary>Where the owner keeps the page, see <see cref="PageQueues"/>.</summary>
    public PagePlace Place;

    /// <summary>The size class of the blocks.</summary>
    public byte Class;

    /// <summary>In a slice of kind <see cref="PageKind.Inside"/>: the distance to the page's first.</summary>
    public byte SlicesToHead;

    /// <summary>Counts blocks in the queue of a sleeping owner; only for RemoteQueue.Relieve.</summary>
    public ushort Posted;

    /// <summary>The number of blocks that the program or the owner's free list holds.</summary>
    internal readonly int Used => (int)Left + Reserve;

    /// <summary>
    /// Sets the number of used blocks, and after how many frees the owner inspects the page again.
    /// </summary>
    /// <remarks>
    /// The last of these frees takes the slow path, hence one less passes before it. Between the two stores
    /// the sum is wrong; a thread that ends here leaves <see cref="ThreadHeap.Busy"/> set, and the page is
    /// counted anew.
    /// </remarks>
    internal void SetUsed(int used, int inspectAfter)
    {
        Debug.Assert(inspectAfter <= used || used == 0, "a page that is never inspected");
        if (used == 0)
        {
            Left = 0;
            Reserve = 0;
            return;
        }

        Left = (nuint)(uint)(inspectAfter - 1);
        Reserve = (ushort)(used - inspectAfter + 1);
    }
}
