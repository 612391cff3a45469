namespace Quarry;

/// <summary>What a <see cref="FreeList{TInner}"/> keeps.</summary>
internal struct FreeListState
{
    /// <summary>The smallest size that is kept.</summary>
    public nuint MinSize;

    public FreeBlockList Blocks;
}
