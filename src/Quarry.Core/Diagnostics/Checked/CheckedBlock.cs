namespace Quarry;

/// <summary>What is known of a block. It lies apart from the block, out of the reach of overruns.</summary>
internal unsafe struct CheckedBlock
{
    /// <summary>Where the caller's bytes begin.</summary>
    public byte* Address;

    /// <summary>What the caller asked for.</summary>
    public Layout Layout;

    /// <summary>Bytes of canary in front.</summary>
    public nuint Front;

    /// <summary>Bytes of canary behind.</summary>
    public nuint Back;

    /// <summary>The stack that took it.</summary>
    public nuint AllocatedAt;

    /// <summary>The stack that gives it back, from the phase <see cref="CheckedPhase.Claimed"/> on.</summary>
    public nuint FreedAt;

    /// <summary>The next in the quarantine, or the next record that is free.</summary>
    public CheckedBlock* Next;

    /// <summary>The one before it in the quarantine.</summary>
    public CheckedBlock* Previous;

    /// <summary>Where it is in its life; changed under the lock.</summary>
    public CheckedPhase Phase;

    /// <summary>Whether damage was reported: once is enough.</summary>
    public bool Damaged;

    /// <summary>Where the memory of the inner allocator begins.</summary>
    internal readonly byte* Start => Address - Front;

    /// <summary>Bytes taken from the inner allocator.</summary>
    internal readonly nuint TotalBytes => Front + Layout.Size + Back;

    /// <summary>The layout the inner allocator was asked for; it was a valid one.</summary>
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
        FillPattern.Write(Start, Front, value);
        FillPattern.Write(Address + Layout.Size, Back, value);
    }

    /// <summary>Looks for the first byte around the block, or in a freed one, that was written to.</summary>
    /// <param name="options">With which bytes they were filled.</param>
    /// <param name="offset">Where it is, in bytes from the start of the block.</param>
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
