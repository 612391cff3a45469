namespace Quarry;

/// <summary>The state of a <see cref="Checked{TInner}"/>, independent of its inner allocator.</summary>
/// <remarks>
/// The lock protects the table, the quarantine, and the phases of blocks. It is not held while the inner
/// allocator is called, while memory is filled, or while a violation is reported. Instead, a claimed block
/// belongs to the thread that claimed it: no other thread reads or writes its memory or its record, except
/// for the fields that the lock protects. Exiting the lock is a release and entering it an acquire, so the
/// next owner of the block finds its memory and its record complete.
/// </remarks>
internal unsafe partial struct CheckedState
{
    public CheckedOptions Options;
    public CheckedTable Table;

    /// <summary>The oldest block in quarantine.</summary>
    public CheckedBlock* Oldest;

    /// <summary>The newest block in quarantine.</summary>
    public CheckedBlock* Newest;

    public nuint QuarantinedBlocks;
    public nuint QuarantinedBytes;

    /// <summary>The number of violations so far.</summary>
    public nuint Violations;

    private YieldingLock _lock;

    /// <summary>Captures the stack of the caller; returns 0 if stacks are not stored.</summary>
    internal readonly nuint Site() => Options.StackFrames == 0 ? 0 : StackDepot.Capture(Options.StackFrames);

    /// <summary>Adds the canaries to a layout.</summary>
    /// <param name="layout">The requested layout.</param>
    /// <param name="inner">The layout for the inner allocator.</param>
    /// <param name="front">The size of the canary before the block, in bytes.</param>
    /// <returns><see langword="false"/> if the result is too large.</returns>
    internal readonly bool TryExpand(Layout layout, out Layout inner, out nuint front)
    {
        nuint canary = (nuint)Options.CanaryBytes;
        inner = default;
        front = 0;
        if (layout.Alignment > Layout.MaxSize / 4 || layout.Size > Layout.MaxSize / 4)
        {
            return false;
        }

        front = Layout.AlignUp(canary, layout.Alignment);
        return Layout.TryCreate(front + layout.Size + canary, layout.Alignment, out inner);
    }

    /// <summary>
    /// Adds the record of a block whose canaries are written; <see langword="false"/> if the system is out of
    /// memory.
    /// </summary>
    internal bool TryAdd(CheckedBlock* block)
    {
        CheckedViolation violation = default;
        _lock.Enter();
        CheckedBlock* known = Table.Find(block->Address);
        if (known != null)
        {
            violation = Describe(ViolationKind.DuplicateAllocation, known, block->AllocatedAt);
            violation.SpecifiedLayout = block->Layout;
            Unlink(known);
            Table.Remove(known);
        }

        bool added = Table.Add(block) != null;
        _lock.Exit();
        Report(&violation);
        return added;
    }

    /// <summary>Claims a block that the caller is about to free or move, and verifies it.</summary>
    /// <param name="address">The address that the caller passed.</param>
    /// <param name="layout">The layout that the caller passed.</param>
    /// <param name="mayOmitSize">True if the size 0 is permitted, and not compared.</param>
    /// <param name="site">The stack of the caller.</param>
    /// <returns>The block, or null if the address is not that of a live block, which is reported.</returns>
    internal CheckedBlock* Claim(void* address, Layout layout, bool mayOmitSize, nuint site)
    {
        CheckedViolation violation = default;
        _lock.Enter();
        CheckedBlock* block = Table.Find(address);
        if (block != null && block->Phase == CheckedPhase.Live)
        {
            block->Phase = CheckedPhase.Claimed;
            block->FreedAt = site;
        }
        else
        {
            violation = DescribeInvalidPointer(address, block, layout, site);
            block = null;
        }

        _lock.Exit();
        Report(&violation);
        if (block != null)
        {
            CheckLayout(block, layout, mayOmitSize, site);
            ReportDamage(block, site);
        }

        return block;
    }

    /// <summary>Returns a claimed block to the caller, unchanged.</summary>
    internal void Unclaim(CheckedBlock* block)
    {
        _lock.Enter();
        block->FreedAt = 0;
        block->Phase = CheckedPhase.Live;
        _lock.Exit();
    }

    /// <summary>Fills a claimed block, or makes it inaccessible, and adds it to the quarantine.</summary>
    internal void Quarantine(CheckedBlock* block)
    {
        if (Options.GuardPages)
        {
            GuardedRange.MakeInaccessible(block);
        }
        else
        {
            // The canaries are written again, so that damage reported before is not reported again.
            block->WriteCanaries(Options.CanaryByte);
            Memory.Fill(block->Address, block->Layout.Size, Options.FreedByte);
        }

        _lock.Enter();
        block->Next = null;
        block->Previous = Newest;
        block->Phase = CheckedPhase.Quarantined;
        block->Damaged = false;
        if (Newest == null)
        {
            Oldest = block;
        }
        else
        {
            Newest->Next = block;
        }

        Newest = block;
        QuarantinedBlocks++;
        QuarantinedBytes += block->TotalBytes;
        _lock.Exit();
    }

    /// <summary>Removes the oldest block from a full quarantine, and verifies it.</summary>
    /// <param name="evicted">A copy of the record, which no longer exists.</param>
    /// <param name="site">The stack of the caller.</param>
    internal bool TryEvict(out CheckedBlock evicted, nuint site)
    {
        _lock.Enter();
        bool tooMany = QuarantinedBytes > Options.QuarantineBytes
            || QuarantinedBlocks > Options.QuarantineBlocks;
        evicted = tooMany ? *Oldest : default;
        if (tooMany)
        {
            CheckedBlock* oldest = Oldest;
            Unlink(oldest);
            Table.Remove(oldest);
        }

        _lock.Exit();
        if (tooMany)
        {
            fixed (CheckedBlock* block = &evicted)
            {
                ReportDamage(block, site);
            }
        }

        return tooMany;
    }

    /// <summary>Tries to copy the record of a live block.</summary>
    internal bool TryFindLive(void* address, out CheckedBlock found)
    {
        _lock.Enter();
        CheckedBlock* block = Table.Find(address);
        bool live = block != null && block->Phase == CheckedPhase.Live;
        found = live ? *block : default;
        _lock.Exit();
        return live;
    }

    /// <summary>Removes the next record; start with a cursor of 0.</summary>
    internal bool TryRemoveNext(ref nuint cursor, out CheckedBlock forgotten)
    {
        _lock.Enter();
        CheckedBlock* block = Table.NextFrom(ref cursor);
        forgotten = block == null ? default : *block;
        if (block != null)
        {
            Unlink(block);
            Table.Remove(block);

            // Removal can move another entry to this place.
            cursor--;
        }

        _lock.Exit();
        return block != null;
    }

    /// <summary>Copies the records of live blocks, as far as there is room.</summary>
    /// <returns>The number of live blocks.</returns>
    internal nuint CopyLive(LiveBlock* blocks, nuint room)
    {
        _lock.Enter();
        nuint count = 0;
        nuint cursor = 0;
        for (CheckedBlock* block = Table.NextFrom(ref cursor);
            block != null;
            block = Table.NextFrom(ref cursor))
        {
            if (block->Phase != CheckedPhase.Live)
            {
                continue;
            }

            if (count < room)
            {
                blocks[count] = new LiveBlock
                {
                    Address = block->Address,
                    Layout = block->Layout,
                    AllocatedAt = block->AllocatedAt,
                };
            }

            count++;
        }

        _lock.Exit();
        return count;
    }

    /// <summary>Removes a block from the quarantine if it is in it.</summary>
    private void Unlink(CheckedBlock* block)
    {
        if (block->Phase != CheckedPhase.Quarantined)
        {
            return;
        }

        if (block->Previous == null)
        {
            Oldest = block->Next;
        }
        else
        {
            block->Previous->Next = block->Next;
        }

        if (block->Next == null)
        {
            Newest = block->Previous;
        }
        else
        {
            block->Next->Previous = block->Previous;
        }

        QuarantinedBlocks--;
        QuarantinedBytes -= block->TotalBytes;
    }
}
