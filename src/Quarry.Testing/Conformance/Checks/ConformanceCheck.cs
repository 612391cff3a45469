namespace Quarry.Testing;

/// <summary>The checks of the conformance kit: each tests promises that an allocator makes.</summary>
public enum ConformanceCheck
{
    /// <summary>
    /// Every size is served at every alignment, is usable to its last byte, and keeps what is written to it.
    /// </summary>
    Sizes,

    /// <summary>Blocks in use do not overlap, whatever is freed around them.</summary>
    Separation,

    /// <summary>Blocks of size 0 are blocks: none of two in use have the same address.</summary>
    SizeZero,

    /// <summary>A block that is to be zeroed is, also where its memory was used before.</summary>
    Zeroing,

    /// <summary>A block that grows or shrinks keeps its contents, moved or not.</summary>
    Reallocation,

    /// <summary>
    /// A block resized in place keeps its contents and the blocks beside it; one that cannot be is unchanged.
    /// Who claims <see cref="AllocatorTraits.ResizesInPlace"/> does so at times.
    /// </summary>
    ResizingInPlace,

    /// <summary>Null is harmless to give back, and reallocating it allocates.</summary>
    Null,

    /// <summary>
    /// Who has no more memory says so with null, and leaves the blocks that there are as they were.
    /// </summary>
    Exhaustion,

    /// <summary>Sizes that no machine has are answered with null.</summary>
    AbsurdSizes,

    /// <summary>
    /// An allocator that claims <see cref="AllocatorTraits.KnowsOwnership"/> knows its blocks, and them alone;
    /// another one denies all.
    /// </summary>
    Ownership,

    /// <summary>
    /// An allocator that claims <see cref="AllocatorTraits.KnowsSize"/> does not look at the layout it is told.
    /// </summary>
    KnownSizes,

    /// <summary>
    /// An allocator that claims <see cref="AllocatorTraits.Deallocates"/> uses memory again, without end.
    /// </summary>
    Reuse,

    /// <summary>
    /// An allocator that claims <see cref="AllocatorTraits.DeallocatesAll"/> has all memory back at once; to
    /// another one the call does nothing.
    /// </summary>
    DeallocatingAll,

    /// <summary>
    /// An allocator that claims <see cref="AllocatorTraits.ThreadSafe"/> serves several threads, which free
    /// each other's blocks.
    /// </summary>
    Threads,

    /// <summary>
    /// Random sequences of all operations do what a model says; one that does not is shrunk to a short one.
    /// </summary>
    RandomSequences,
}
