namespace Quarry.Testing;

/// <summary>What an allocator can break.</summary>
internal enum Promise
{
    None,
    Serves,
    ServesZeroed,
    ServesReallocation,
    ServesNullReallocation,
    ServesAfterExhaustion,
    Aligns,
    UsableSizeCovers,
    UsableSizeIgnoresLayout,
    Keeps,
    KeepsWhenReallocated,
    KeepsWhenNotReallocated,
    KeepsWhenResized,
    KeepsWhenNotResized,
    Zeroes,
    SizeZeroIsUnique,
    ResizesAtTimes,
    ReachesCapacity,
    RefusesAbsurd,
    RefusesAbsurdZeroed,
    RefusesAbsurdReallocation,
    RefusesAbsurdResize,
    OwnsItsOwn,
    DisownsForeign,
    DisownsWhereDenied,
    Reuses,
    ReusesAfterAll,
    KeepsWhereAllDenied,
}
