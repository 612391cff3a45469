namespace Quarry;

/// <summary>The state of a <see cref="FreeList{TInner}"/>.</summary>
internal struct FreeListState
{
    public FreeBlockList Blocks;
}
