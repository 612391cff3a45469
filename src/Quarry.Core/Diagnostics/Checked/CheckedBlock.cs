namespace Quarry;

/// <summary>
/// The record of a block. It is stored apart from the block, so that an overrun does not reach it.
/// </summary>
internal unsafe struct CheckedBlock
{
    /// <summary>The address that the caller uses.</summary>
    public byte* Address;

    /// <summary>The requested layout.</summary>
    public Layout Layout;

    /// <summary>The size of the canary before the block, in bytes.</summary>
    public nuint Front;

    /// <summary>The size of the canary after the block, in bytes.</summary>
    public nuint Back;

    /// <summary>The stack that allocated the block.</summary>
    public nuint AllocatedAt;

    /// <summary>
    /// The stack that freed the block, from the phase <see cref="CheckedPhase.Claimed"/> on.
    /// </summary>
    public nuint FreedAt;

    /// <summary>The next block in quarantine; for an unused record, the next unused one.</summary>
    public CheckedBlock* Next;

    /// <summary>The previous block in quarantine.</summary>
    public CheckedBlock* Previous;

    /// <summary>The phase of the block. Changed only under the lock.</summary>
    public CheckedPhase Phase;

    /// <summary>Whether damage has been reported; each block is reported once.</summary>
    public bool Damaged;

    /// <summary>The start of the memory from the inner allocator.</summary>
    internal readonly byte* Start => Address - Front;

    /// <summary>The size of the memory from the inner allocator, in bytes.</summary>
    internal readonly nuint TotalBytes => Front + Layout.Size + Back;

    /// <summary>
    /// The layout of the memory from the inner allocator. It is valid, as the memory was allocated with it.
    /// </summary>
    internal readonly Layout InnerLayout
    {
        get
        {
            _ = Layout.TryCreate(TotalBytes, Layout.Alignment, out Layout layout);
            return layout;
        }
    }

    internal readonly bool Contains(void* address) => address >= Start && address < Start + TotalBytes;

    internal readonly void WriteCanaries(byte value)
    {
        Memory.Fill(Start, Front, value);
        Memory.Fill(Address + Layout.Size, Back, value);
    }

    /// <summary>Finds the first overwritten byte around a block, or in a freed one.</summary>
    /// <param name="options">The options, with the values of the fill bytes.</param>
    /// <param name="offset">The distance of the byte from the start of the block.</param>
    internal readonly ViolationKind FindDamage(CheckedOptions* options, out nint offset)
    {
        bool freed = Phase == CheckedPhase.Quarantined;
        nuint at = FillPattern.FirstDifference(Start, Front, options->CanaryByte);
        offset = (nint)at - (nint)Front;
        if (at < Front)
        {
            return freed ? ViolationKind.WriteAfterFree : ViolationKind.Underrun;
        }

        at = freed ? FillPattern.FirstDifference(Address, Layout.Size, options->FreedByte) : Layout.Size;
        offset = (nint)at;
        if (at < Layout.Size)
        {
            return ViolationKind.WriteAfterFree;
        }

        at = FillPattern.FirstDifference(Address + Layout.Size, Back, options->CanaryByte);
        offset = (nint)(Layout.Size + at);
        return at == Back ? ViolationKind.None
            : freed ? ViolationKind.WriteAfterFree
            : ViolationKind.Overrun;
    }
}
