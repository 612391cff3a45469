namespace Quarry;

/// <summary>Detects and reports violations.</summary>
internal unsafe partial struct CheckedState
{
    /// <summary>
    /// Verifies all blocks, including those in quarantine. Each damaged block is reported once.
    /// </summary>
    internal void ReportAllDamage(nuint site)
    {
        // Reports are made without the lock, so blocks may be allocated and freed meanwhile; the search
        // restarts after each report.
        CheckedViolation violation;
        while (TryFindDamage(site, &violation))
        {
            Report(&violation);
        }
    }

    /// <summary>
    /// Counts and reports a violation; does nothing if its kind is <see cref="ViolationKind.None"/>.
    /// </summary>
    internal void Report(CheckedViolation* violation)
    {
        if (violation->Kind == ViolationKind.None)
        {
            return;
        }

        _ = Atomic.Add(ref Violations, 1);
        Options.OnViolation.Invoke(violation);
        if (Options.Response == ViolationResponse.Abort)
        {
            Os.Abort();
        }
    }

    /// <summary>Reports an address passed by the caller that is not that of a live block.</summary>
    internal void ReportInvalidPointer(void* address, Layout layout, nuint site)
    {
        _lock.Enter();
        CheckedViolation violation = DescribeInvalidPointer(address, Table.Find(address), layout, site);
        _lock.Exit();
        Report(&violation);
    }

    /// <summary>Reports a layout that differs from that of the block.</summary>
    internal void CheckLayout(CheckedBlock* block, Layout named, bool mayOmitSize, nuint site)
    {
        bool silent = mayOmitSize && named.Size == 0;
        if (!silent && (named.Size != block->Layout.Size || named.Alignment != block->Layout.Alignment))
        {
            CheckedViolation violation = Describe(ViolationKind.LayoutMismatch, block, site);
            violation.SpecifiedLayout = named;
            violation.FreedAt = 0;
            Report(&violation);
        }
    }

    private void ReportDamage(CheckedBlock* block, nuint site)
    {
        ViolationKind kind = FindDamage(block, out nint offset);
        if (kind != ViolationKind.None)
        {
            block->Damaged = true;
            CheckedViolation violation = Describe(kind, block, site);
            violation.Offset = offset;
            Report(&violation);
        }
    }

    private bool TryFindDamage(nuint site, CheckedViolation* violation)
    {
        _lock.Enter();
        nuint cursor = 0;
        ViolationKind kind = ViolationKind.None;
        CheckedBlock* block;
        nint offset = 0;
        do
        {
            block = Table.NextFrom(ref cursor);
            if (block != null && block->Phase != CheckedPhase.Claimed)
            {
                kind = FindDamage(block, out offset);
            }
        }
        while (block != null && kind == ViolationKind.None);

        if (block != null)
        {
            block->Damaged = true;
            *violation = Describe(kind, block, site);
            violation->Offset = offset;
        }

        _lock.Exit();
        return block != null;
    }

    private ViolationKind FindDamage(CheckedBlock* block, out nint offset)
    {
        // Quarantined blocks with guard pages are inaccessible: they cannot be read, and no write can have
        // damaged them.
        bool known = block->Damaged || (Options.GuardPages && block->Phase == CheckedPhase.Quarantined);
        offset = 0;
        fixed (CheckedOptions* options = &Options)
        {
            return known ? ViolationKind.None : block->FindDamage(options, out offset);
        }
    }

    private readonly CheckedViolation DescribeInvalidPointer(
        void* address, CheckedBlock* known, Layout named, nuint site)
    {
        CheckedBlock* block = known != null ? known : Table.FindAround(address);
        ViolationKind kind = known != null ? ViolationKind.DoubleFree
            : block != null ? ViolationKind.InteriorPointer
            : ViolationKind.ForeignPointer;
        CheckedViolation violation = block != null
            ? Describe(kind, block, site)
            : new CheckedViolation { Kind = kind, Address = address, DetectedAt = site };
        violation.Offset = (nint)((byte*)address - (byte*)violation.Address);
        violation.SpecifiedLayout = named;
        return violation;
    }

    private static CheckedViolation Describe(ViolationKind kind, CheckedBlock* block, nuint site) => new()
    {
        Kind = kind,
        Address = block->Address,
        Layout = block->Layout,
        SpecifiedLayout = block->Layout,
        AllocatedAt = block->AllocatedAt,
        FreedAt = block->FreedAt,
        DetectedAt = site,
    };
}
