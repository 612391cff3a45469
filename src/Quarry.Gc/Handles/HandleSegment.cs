namespace Quarry.Gc;

/// <summary>
/// A piece of the table of handles, in the layout in which debuggers read it: <c>TableSegment</c> of the
/// stock collector, as .NET 10 compiles it.
/// </summary>
/// <remarks>
/// A page that describes the segment is followed by blocks of 64 words. The blocks of the first half have
/// handles, each block of one type; the blocks of the second half have the extra words of these handles. The
/// blocks of a type are linked in a circle, from which only debuggers profit.
/// </remarks>
internal static unsafe class HandleSegment
{
    /// <summary>The size of a segment, and its alignment.</summary>
    internal const nuint Size = 64 << 10;

    internal const int CellsInBlock = 64;

    // The offset of the first handle; the number of blocks of each half; their size.
    private const nuint FirstCell = 4 << 10, Blocks = 60, BlockSize = CellsInBlock * 8;

    // The offsets of what the description has for each block, and for each type: the next block of the same
    // type, the type, the block of the extra words; the last block of the type.
    private const nuint Links = 0x1e0, Types = 0x618, Extras = 0x690, Tails = 0x780, Next = 0x7ce,
        EmptyLine = 0x7e0;
    private const nuint AllBlocks = 2 * Blocks, AllTypes = 13;
    private const byte None = 0xff;

    // The description of this heap's own: a bit for each block, and the number of blocks that are in use.
    private const nuint Stored = 0x800, Used = 0x808;

    /// <summary>The types from 0 on; the last one of the layout is no handle.</summary>
    internal const nuint HandleTypes = AllTypes - 1;

    /// <summary>Initializes a segment, whose memory is zero.</summary>
    internal static void Initialize(byte* segment, byte* next)
    {
        Memory.Fill(segment + Links, AllBlocks, None);
        Memory.Fill(segment + Types, AllBlocks, None);
        Memory.Fill(segment + Extras, AllBlocks, None);
        Memory.Fill(segment + Tails, AllTypes, None);
        *(byte**)(segment + Next) = next;
        segment[EmptyLine] = (byte)AllBlocks;
    }

    internal static byte* NextOf(byte* segment) => *(byte**)(segment + Next);

    /// <summary>Returns the segment of a handle.</summary>
    internal static byte* Of(HandleCell* cell) => (byte*)Layout.AlignDown((nuint)cell, Size);

    /// <summary>Returns the number of the block of a handle in its segment.</summary>
    internal static int BlockOf(HandleCell* cell) =>
        (int)((((nuint)cell & (Size - 1)) - FirstCell) / BlockSize);

    /// <summary>Returns the type of the handles in a block.</summary>
    internal static nuint TypeOf(HandleCell* cell) => Of(cell)[Types + (nuint)BlockOf(cell)];

    /// <summary>Returns the address of the extra word of a handle.</summary>
    internal static nuint* ExtraOf(HandleCell* cell) => (nuint*)((byte*)cell + (Blocks * BlockSize));

    /// <summary>Returns the handle to which an extra word belongs.</summary>
    internal static HandleCell* CellOf(nuint* extra) => (HandleCell*)((byte*)extra - (Blocks * BlockSize));

    /// <summary>Returns the first handle of a block.</summary>
    internal static HandleCell* CellsOf(byte* segment, int block) =>
        (HandleCell*)(segment + FirstCell + ((nuint)block * BlockSize));

    /// <summary>
    /// Returns the word with a bit for each block in which an object was stored since the last collection.
    /// </summary>
    internal static ulong* StoredBlocks(byte* segment) => (ulong*)(segment + Stored);

    /// <summary>Returns a bit for each block that is in use.</summary>
    internal static ulong UsedBlocks(byte* segment) =>
        (1ul << (int)Atomic.Read(ref *(nuint*)(segment + Used))) - 1;

    /// <summary>
    /// Starts to use a block for handles of a type. The caller holds the lock of the table; other threads
    /// read the segment.
    /// </summary>
    /// <returns>The first handle; null if all blocks are in use.</returns>
    internal static HandleCell* AddBlock(byte* segment, nuint type)
    {
        nuint* used = (nuint*)(segment + Used);
        nuint block = *used;
        if (block == Blocks)
        {
            return null;
        }

        byte* links = segment + Links;
        byte* tail = segment + Tails + type;
        links[block] = *tail == None ? (byte)block : links[*tail];
        if (*tail != None)
        {
            links[*tail] = (byte)block;
        }

        *tail = (byte)block;
        segment[Types + block] = (byte)type;
        segment[Extras + block] = (byte)(block + Blocks);

        // Last: who reads the number finds the type.
        Atomic.Write(ref *used, block + 1);
        return CellsOf(segment, (int)block);
    }
}
