namespace Quarry;

/// <summary>What happened to a block.</summary>
public enum TraceEventKind
{
    /// <summary>Nothing: the default value.</summary>
    None,

    /// <summary>A block was taken; the address is 0 if there was none to be had.</summary>
    Allocate,

    /// <summary>A block of zeros was taken; the address is 0 if there was none to be had.</summary>
    AllocateZeroed,

    /// <summary>A block is about to be given back.</summary>
    Deallocate,

    /// <summary>
    /// A block is about to be reallocated. From here on its address may belong to another block; the next
    /// <see cref="Reallocate"/> of the same thread and address tells what became of it.
    /// </summary>
    Reallocating,

    /// <summary>
    /// A block was reallocated; the new address is 0 if it could not be and stays as it was.
    /// </summary>
    Reallocate,

    /// <summary>A block was resized where it lies.</summary>
    Resize,

    /// <summary>All blocks are about to be given back at once.</summary>
    DeallocateAll,
}
