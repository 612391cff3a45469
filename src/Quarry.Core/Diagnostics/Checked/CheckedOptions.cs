namespace Quarry;

/// <summary>What <see cref="Checked{TInner}"/> looks for, and what it spends on it.</summary>
/// <remarks>
/// The default value of the type checks little; <c>new CheckedOptions()</c> has the defaults.
/// </remarks>
public unsafe struct CheckedOptions
{
    /// <summary>The most frames of a stack that are kept.</summary>
    public const int MaxStackFrames = StackDepot.MaxFrames;

    /// <summary>The most bytes a canary may have.</summary>
    public const int MaxCanaryBytes = 64 * 1024;

    /// <summary>The default options.</summary>
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
    /// Bytes before and behind each block whose change tells of a write outside it; 16 by default, 0 for
    /// none. The canary in front is rounded up to the alignment of the block.
    /// </summary>
    public int CanaryBytes { get; set; }

    /// <summary>
    /// The most bytes of freed blocks that are kept from being used again, so that a write to one is found;
    /// 16 MiB by default.
    /// </summary>
    public nuint QuarantineBytes { get; set; }

    /// <summary>The most freed blocks that are kept from being used again; 65,536 by default.</summary>
    public nuint QuarantineBlocks { get; set; }

    /// <summary>
    /// Whether each block lies on pages of its own that end at an inaccessible one, and are inaccessible once
    /// it is freed: the first wrong access stops the program where it is made. Off by default. The blocks
    /// then come from the system, not from the inner allocator; each takes at least one page of memory and
    /// three of address space. Linux allows some 32,000 such blocks at once (<c>vm.max_map_count</c>).
    /// </summary>
    public bool GuardPages { get; set; }

    /// <summary>
    /// Frames kept of the stacks that allocate and free, at most <see cref="MaxStackFrames"/>; 16 by default,
    /// 0 for no stacks, which makes allocating many times cheaper.
    /// </summary>
    public int StackFrames { get; set; }

    /// <summary>What a block is filled with when it is taken, unless zeroed; 0xCD by default.</summary>
    public byte FreshByte { get; set; }

    /// <summary>What a block is filled with when it is freed; 0xDD by default.</summary>
    public byte FreedByte { get; set; }

    /// <summary>What the canaries consist of; 0xFD by default.</summary>
    public byte CanaryByte { get; set; }

    /// <summary>
    /// Whether blocks that are still there at the end are violations; they are by default. Of an inner
    /// allocator that gives nothing back one by one, such as a bump allocator, they never are.
    /// </summary>
    public bool FindLeaks { get; set; }

    /// <summary>What happens on a violation, beside its being reported.</summary>
    public ViolationResponse Response { get; set; }

    /// <summary>
    /// Called with <see cref="OnViolationState"/> and the violation, on the thread that met it, at once; null
    /// for nobody. No lock is held: it may use the allocator. It must not throw.
    /// </summary>
    public delegate*<void*, CheckedViolation*, void> OnViolation { get; set; }

    /// <summary>Passed to <see cref="OnViolation"/>.</summary>
    public void* OnViolationState { get; set; }

    internal readonly bool AreValid =>
        CanaryBytes is >= 0 and <= MaxCanaryBytes && StackFrames is >= 0 and <= MaxStackFrames;
}
