using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The descriptor of a slice, and of the page of small blocks or the large block that begins there.
/// </summary>
/// <remarks>
/// <para>
/// A page, in mimalloc's sense, is a run of slices that serves one size class. A region has one descriptor
/// for each slice in a table, so that a subtraction and a shift lead from a pointer to its descriptor. A
/// descriptor fills a cache line, which avoids false sharing between the owners of neighbouring pages.
/// </para>
/// <para>
/// Invariants of a page of small blocks whenever its owner is outside its slow paths: <c>Left + Reserve</c>
/// is the number of blocks in use, in the owner's free list, in remote caches and queues, or in holes;
/// <c>length(Free) = Extended - (Left + Reserve)</c>; <c>Extended ≤ Capacity</c>.
/// </para>
/// <para>
/// Threads that free blocks of another thread's page read <see cref="Owner"/>, <see cref="Kind"/>, <see
/// cref="BlockSize"/>, <see cref="Capacity"/>, <see cref="Slices"/> and <see cref="SlicesToHead"/>. These are
/// written before the first block leaves the page, and all but <see cref="Owner"/> stay unchanged while a
/// block is in use, so a thread that frees a block sees them: it received the block from a thread that saw
/// them. The owner can change to another thread heap meanwhile; a chain that is posted to the former owner is
/// forwarded. Freeing a sampled block also reads <see cref="Extended"/>, which only grows while a block is in
/// use. <see cref="RemoteQueue.Relieve"/> also reads <see cref="Place"/>, the list and the counts, and writes
/// <see cref="Posted"/>. <see cref="PageQueues.Rescue"/> and the statistics read further fields, as hints.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct Page
{
    /// <summary>
    /// The size of a descriptor, a power of two: the fast path scales an index with a shift.
    /// </summary>
    internal const int Bytes = 64, Log2Bytes = 6;

    /// <summary>
    /// The free blocks that are in no thread's list: freed by the owner or drained from its remote queue;
    /// last freed first. For a large block: its <see cref="SampleRecords">record</see>.
    /// </summary>
    public Block* Free;

    /// <summary>
    /// The thread heap that may change the page, opaque to the back end; null if this is no page of small
    /// blocks.
    /// </summary>
    public void* Owner;

    /// <summary>
    /// The number of blocks that the owner may still free before it has to inspect the page. 0 if there is no
    /// page of small blocks, so that one comparison on the fast path detects every uncommon case.
    /// </summary>
    public nuint Left;

    /// <summary>The next page in the owner's list of available pages.</summary>
    public Page* Next;

    /// <summary>The previous page in the owner's list of available pages.</summary>
    public Page* Previous;

    /// <summary>The block size of the class, or the usable size of the large block, in bytes.</summary>
    public nuint BlockSize;

    /// <summary>The number of slices of the page or the large block; 0 if there is none.</summary>
    public uint Slices;

    /// <summary>The number of used blocks that remain when <see cref="Left"/> reaches 0.</summary>
    public ushort Reserve;

    /// <summary>
    /// The number of blocks cut from the page so far; memory after them is untouched. For a large block: the
    /// number of cache lines before it, see <see cref="LargeBlocks"/>.
    /// </summary>
    public ushort Extended;

    /// <summary>The number of blocks that fit into the page.</summary>
    public ushort Capacity;

    /// <summary>The use of the slice.</summary>
    public PageKind Kind;

    /// <summary>The state of the page, see <see cref="PageQueues"/>.</summary>
    public PagePlace Place;

    /// <summary>The size class of the blocks.</summary>
    public byte Class;

    /// <summary>
    /// In a slice of kind <see cref="PageKind.Inside"/>: the number of slices before it in the page. See also
    /// <see cref="Purged"/>.
    /// </summary>
    public byte SlicesToHead;

    /// <summary>
    /// The position of the chain to which those of the page are joined, in blocks from 1 on; 0 if there is
    /// none. Used only by <see cref="RemoteQueue.Relieve"/>.
    /// </summary>
    public ushort Posted;

    /// <summary>
    /// Gets or sets the number of purged pages of the operating system in a page of small blocks, see
    /// <see cref="PageHoles"/>; in its first slice, before which there is none.
    /// </summary>
    internal byte Purged
    {
        readonly get => SlicesToHead;
        set => SlicesToHead = value;
    }

    /// <summary>Determines whether this is the first slice of a page of small blocks.</summary>
    internal readonly bool IsSmall => Kind is PageKind.Small or PageKind.Sampled;

    /// <summary>The number of extended blocks that are not in <see cref="Free"/>.</summary>
    internal readonly int Used => (int)Left + Reserve;

    /// <summary>
    /// Sets the number of used blocks, and the number of frees after which the owner inspects the page.
    /// </summary>
    /// <remarks>
    /// The last of these frees takes the slow path, so <see cref="Left"/> is one less. Between the two stores
    /// the sum is wrong; a thread that is stopped there leaves its thread heap to be rebuilt, which counts
    /// the blocks of the page again.
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
