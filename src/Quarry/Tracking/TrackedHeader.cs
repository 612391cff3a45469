using System.Numerics;

namespace Quarry;

/// <summary>What stands in front of a tracked block.</summary>
/// <remarks>
/// The block lies behind it, at a multiple of its alignment: so many bytes after the start of what was taken
/// from the allocator inside, and at least as many as the header has.
/// </remarks>
internal unsafe struct TrackedHeader
{
    internal const int Bytes = 16;

    private nuint _size;

    // One more than its number; 0 if nobody was told of the block.
    private uint _group;
    private int _log2Offset;

    /// <summary>The bytes that were asked for.</summary>
    internal nuint Size
    {
        readonly get => _size;
        set => _size = value;
    }

    /// <summary>Whether the tracker was told of the block.</summary>
    internal readonly bool IsTold => _group != 0;

    /// <summary>The group; that of nobody is the root.</summary>
    internal AllocationGroup Group
    {
        readonly get => _group == 0 ? default : new AllocationGroup((int)_group - 1);
        set => _group = (uint)value.Id + 1;
    }

    /// <summary>From the start of what was taken to the block.</summary>
    internal readonly nuint Offset => (nuint)1 << _log2Offset;

    /// <summary>The alignment of what was taken: that of the block or more.</summary>
    internal readonly nuint Alignment => Offset;

    /// <summary>The layout of what was taken.</summary>
    internal readonly Layout Wrapped =>
        TryWrap(_size, Alignment, out Layout wrapped) ? wrapped : default;

    internal static TrackedHeader* Of(void* block) => (TrackedHeader*)block - 1;

    /// <summary>What to take in order to have a block and its header.</summary>
    /// <returns>False if there is no such size.</returns>
    internal static bool TryWrap(Layout layout, out Layout wrapped) =>
        TryWrap(layout.Size, layout.Alignment, out wrapped);

    /// <inheritdoc cref="TryWrap(Layout, out Layout)"/>
    internal static bool TryWrap(nuint size, nuint alignment, out Layout wrapped)
    {
        nuint offset = OffsetFor(alignment);
        wrapped = default;
        return size <= Layout.MaxSize - offset && Layout.TryCreate(offset + size, offset, out wrapped);
    }

    /// <summary>Writes a header that nobody was told of, and returns the block behind it.</summary>
    internal static void* Write(void* start, nuint size, nuint alignment)
    {
        nuint offset = OffsetFor(alignment);
        byte* block = (byte*)start + offset;
        *Of(block) = new TrackedHeader { _size = size, _log2Offset = BitOperations.Log2((ulong)offset) };
        return block;
    }

    private static nuint OffsetFor(nuint alignment) => alignment < Bytes ? Bytes : alignment;
}
