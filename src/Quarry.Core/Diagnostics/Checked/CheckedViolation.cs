namespace Quarry;

/// <summary>Something that was done wrong with a block, as the allocator found it.</summary>
public unsafe struct CheckedViolation
{
    /// <summary>What was done.</summary>
    public ViolationKind Kind { get; set; }

    /// <summary>
    /// The block; for an address that is in no block, that address.
    /// </summary>
    public void* Address { get; set; }

    /// <summary>The size and alignment the block was taken with.</summary>
    public Layout Layout { get; set; }

    /// <summary>The size and alignment that the caller named.</summary>
    public Layout SpecifiedLayout { get; set; }

    /// <summary>
    /// The place, in bytes from the start of the block: of the first byte that was overwritten, negative in
    /// front of the block; or of the address that was given back.
    /// </summary>
    public nint Offset { get; set; }

    /// <summary>The stack that took the block; 0 if it was not kept.</summary>
    public nuint AllocatedAt { get; set; }

    /// <summary>The stack that gave it back first; 0 if none did or it was not kept.</summary>
    public nuint FreedAt { get; set; }

    /// <summary>The stack that met the violation; 0 if it was not kept.</summary>
    public nuint DetectedAt { get; set; }
}
