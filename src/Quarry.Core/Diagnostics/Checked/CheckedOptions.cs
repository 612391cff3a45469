namespace Quarry;

/// <summary>Represents the options of a <see cref="Checked{TInner}"/>.</summary>
/// <remarks>
/// <c>new CheckedOptions()</c> has the defaults. The default value of the type enables few checks.
/// </remarks>
public struct CheckedOptions
{
    /// <summary>The maximum number of frames stored for a stack.</summary>
    public const int MaxStackFrames = StackDepot.MaxFrames;

    /// <summary>The maximum size of a canary, in bytes.</summary>
    public const int MaxCanaryBytes = 64 * 1024;

    /// <summary>Initializes a new instance with the default options.</summary>
    public CheckedOptions()
    {
        CanaryBytes = 16;
        QuarantineBytes = 16 * 1024 * 1024;
        QuarantineBlocks = 64 * 1024;
        StackFrames = 16;
        FreshByte = 0xCD;
        FreedByte = 0xDD;
        CanaryByte = 0xFD;
        FindLeaks = true;
    }

    /// <summary>
    /// Gets or sets the size of the canaries before and after each block, in bytes; 16 by default, 0 for
    /// none. A changed canary reveals a write outside the block. The canary before the block is rounded up to
    /// the alignment of the block.
    /// </summary>
    public int CanaryBytes { get; set; }

    /// <summary>
    /// Gets or sets the maximum total size of the freed blocks in quarantine, in bytes; 16 MiB by default.
    /// While a block is in quarantine, a write to it is detected.
    /// </summary>
    public nuint QuarantineBytes { get; set; }

    /// <summary>Gets or sets the maximum number of freed blocks in quarantine; 65,536 by default.</summary>
    public nuint QuarantineBlocks { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether each block has pages of its own, followed by an
    /// inaccessible one, and becomes inaccessible when it is freed; <see langword="false"/> by default.
    /// </summary>
    /// <remarks>
    /// The first invalid access stops the program at the instruction that made it. Blocks come from the
    /// system, not from the inner allocator; each takes at least one page of memory and three of address
    /// space. Linux permits about 32,000 such blocks at once (<c>vm.max_map_count</c>).
    /// </remarks>
    public bool GuardPages { get; set; }

    /// <summary>
    /// Gets or sets the number of frames to store for each stack that allocates or frees a block, at most
    /// <see cref="MaxStackFrames"/>; 16 by default. With 0, no stacks are stored, and allocating is many
    /// times faster.
    /// </summary>
    public int StackFrames { get; set; }

    /// <summary>
    /// Gets or sets the byte that new blocks are filled with, unless they are zeroed; 0xCD by default.
    /// </summary>
    public byte FreshByte { get; set; }

    /// <summary>Gets or sets the byte that freed blocks are filled with; 0xDD by default.</summary>
    public byte FreedByte { get; set; }

    /// <summary>Gets or sets the byte that canaries are filled with; 0xFD by default.</summary>
    public byte CanaryByte { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether blocks that are live on disposal are violations;
    /// <see langword="true"/> by default. They never are if the inner allocator, such as a bump allocator,
    /// does not free blocks individually.
    /// </summary>
    public bool FindLeaks { get; set; }

    /// <summary>Gets or sets the response to a violation.</summary>
    public ViolationResponse Response { get; set; }

    /// <summary>
    /// Gets or sets the hook that is called immediately for each violation, on the thread that exposed it. No
    /// lock is held, so it can use the allocator.
    /// </summary>
    public ViolationHook OnViolation { get; set; }

    internal readonly bool AreValid =>
        CanaryBytes is >= 0 and <= MaxCanaryBytes && StackFrames is >= 0 and <= MaxStackFrames;
}
