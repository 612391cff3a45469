namespace Quarry;

/// <summary>What <see cref="Checked{TInner}"/> knows, whatever its inner allocator is.</summary>
/// <remarks>
/// The lock guards the table, the quarantine and the phases of blocks. It is held neither while the inner
/// allocator is called, nor while memory is filled, nor while somebody is told of a violation. A block that
/// is claimed belongs to the thread that claimed it.
/// </remarks>
internal unsafe partial struct CheckedState
{
    public CheckedOptions Options;
    public CheckedTable Table;

    /// <summary>Blocks given back and not used again yet, oldest first.</summary>
    public CheckedBlock* Oldest;

    /// <summary>The newest of them.</summary>
    public CheckedBlock* Newest;

    public nuint QuarantinedBlocks;
    public nuint QuarantinedBytes;

    /// <summary>Violations found so far.</summary>
    public nuint Violations;

    private YieldingLock _lock;

    /// <summary>The stack of the caller, if stacks are kept.</summary>
    internal readonly nuint Site() => Options.StackFrames == 0 ? 0 : StackDepot.Capture(Options.StackFrames);

    /// <summary>How much to ask the inner allocator for, and where in it the block begins.</summary>
    internal readonly bool TryWiden(Layout layout, out Layout inner, out nuint front)
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

    /// <summary>Enters a block whose canaries are written; false if the system has no memory.</summary>
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

    /// <summary>
    /// Takes a block from the caller, who is about to give it back or move it, and looks it over.
    /// </summary>
    /// <param name="address">What the caller says is a block.</param>
    /// <param name="layout">What the caller says it was taken with.</param>
    /// <param name="mayOmitSize">Whether the caller need not know the size: 0 then says nothing.</param>
    /// <param name="site">The stack of the caller.</param>
    /// <returns>The block; null if it is none that could be given back, which has been reported.</returns>
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
            violation = DescribeWrong(address, block, layout, site);
            block = null;
        }

        _lock.Exit();
        Report(&violation);
        if (block != null)
        {
            Compare(block, layout, mayOmitSize, site);
            LookOver(block, site);
        }

        return block;
    }

    /// <summary>Gives a claimed block back to the caller, unchanged.</summary>
    internal void Unclaim(CheckedBlock* block)
    {
        _lock.Enter();
        block->FreedAt = 0;
        block->Phase = CheckedPhase.Live;
        _lock.Exit();
    }

    /// <summary>Makes a claimed block unusable and lets it wait.</summary>
    internal void Quarantine(CheckedBlock* block)
    {
        if (Options.GuardPages)
        {
            GuardedRange.Seal(block);
        }
        else
        {
            // The canaries anew, so that damage found before is not found again.
            block->WriteCanaries(Options.CanaryByte);
            FillPattern.Write(block->Address, block->Layout.Size, Options.FreedByte);
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

    /// <summary>
    /// Takes the oldest block out of the quarantine if there are too many, and looks whether it was written
    /// to.
    /// </summary>
    /// <param name="evicted">What was known of it; it is forgotten now.</param>
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
                LookOver(block, site);
            }
        }

        return tooMany;
    }

    /// <summary>What is known of a live block at an address; false if there is none.</summary>
    internal bool TryFindLive(void* address, out CheckedBlock found)
    {
        _lock.Enter();
        CheckedBlock* block = Table.Find(address);
        bool live = block != null && block->Phase == CheckedPhase.Live;
        found = live ? *block : default;
        _lock.Exit();
        return live;
    }

    /// <summary>Forgets one block after another, to end: begin with a cursor of 0.</summary>
    internal bool TryForget(ref nuint cursor, out CheckedBlock forgotten)
    {
        _lock.Enter();
        CheckedBlock* block = Table.NextFrom(ref cursor);
        forgotten = block == null ? default : *block;
        if (block != null)
        {
            Unlink(block);
            Table.Remove(block);

            // Another entry may have moved to its place.
            cursor--;
        }

        _lock.Exit();
        return block != null;
    }

    /// <summary>Copies what is live, as far as there is room.</summary>
    /// <returns>How many there are.</returns>
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

    /// <summary>Takes a block out of the quarantine, if it is there.</summary>
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
