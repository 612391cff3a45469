namespace Quarry;

/// <summary>Represents a block that was allocated and not freed.</summary>
public unsafe struct LiveBlock
{
    /// <summary>Gets or sets the address of the block.</summary>
    public void* Address { get; set; }

    /// <summary>Gets or sets the layout that the block was allocated with.</summary>
    public Layout Layout { get; set; }

    /// <summary>Gets or sets the stack that allocated the block; 0 if it was not stored.</summary>
    public nuint AllocatedAt { get; set; }
}
