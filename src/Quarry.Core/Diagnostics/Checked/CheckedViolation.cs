namespace Quarry;

/// <summary>Represents a violation that a checked allocator has detected.</summary>
public unsafe struct CheckedViolation
{
    /// <summary>Gets or sets the kind of the violation.</summary>
    public ViolationKind Kind { get; set; }

    /// <summary>
    /// Gets or sets the address of the block; if the violating address is in no block, that address.
    /// </summary>
    public void* Address { get; set; }

    /// <summary>Gets or sets the layout that the block was allocated with.</summary>
    public Layout Layout { get; set; }

    /// <summary>Gets or sets the layout that the caller specified.</summary>
    public Layout SpecifiedLayout { get; set; }

    /// <summary>
    /// Gets or sets the offset, in bytes from the start of the block, of the first byte that was overwritten,
    /// negative in front of the block; or of the address that was freed.
    /// </summary>
    public nint Offset { get; set; }

    /// <summary>Gets or sets the stack that allocated the block; 0 if it was not stored.</summary>
    public nuint AllocatedAt { get; set; }

    /// <summary>
    /// Gets or sets the stack that freed the block first; 0 if there is none or it was not stored.
    /// </summary>
    public nuint FreedAt { get; set; }

    /// <summary>Gets or sets the stack that exposed the violation; 0 if it was not stored.</summary>
    public nuint DetectedAt { get; set; }
}
