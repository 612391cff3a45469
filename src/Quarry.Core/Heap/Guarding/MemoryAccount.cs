namespace Quarry;

/// <summary>
/// Charges memory of blocks outside of the regions to a heap, whose limit and statistics then include it.
/// </summary>
/// <remarks>
/// Blocks of several heaps may be served from one place; all of its memory is charged to the heap that used
/// it first.
/// </remarks>
internal unsafe struct MemoryAccount
{
    private nuint _owner;
    private delegate*<void*, nuint, bool> _tryCharge;
    private delegate*<void*, nuint, void> _uncharge;
    private nuint _bytes;

    /// <summary>Gets the back end that is charged; null before the first use.</summary>
    internal void* Owner => (void*)Atomic.Read(ref _owner);

    /// <summary>Gets the number of bytes charged.</summary>
    internal nuint Bytes => Atomic.Read(ref _bytes);

    /// <summary>Sets the back end, unless there is one.</summary>
    /// <param name="owner">The back end.</param>
    /// <param name="tryCharge">Charges bytes to it; the same function for all back ends.</param>
    /// <param name="uncharge">Takes bytes off it; the same function for all back ends.</param>
    internal void Open(
        void* owner, delegate*<void*, nuint, bool> tryCharge, delegate*<void*, nuint, void> uncharge)
    {
        if (Owner == null)
        {
            // Before the owner: a thread that reads it reads the functions afterwards.
            _tryCharge = tryCharge;
            _uncharge = uncharge;
            _ = Atomic.TryReplace(ref _owner, 0, (nuint)owner);
        }
    }

    /// <summary>Tries to charge memory; fails if that would exceed a limit.</summary>
    internal bool TryCharge(nuint bytes)
    {
        void* owner = Owner;
        if (owner != null && !_tryCharge(owner, bytes))
        {
            return false;
        }

        _ = Atomic.Add(ref _bytes, bytes);
        return true;
    }

    /// <summary>Takes memory off that was charged.</summary>
    internal void Uncharge(nuint bytes)
    {
        void* owner = Owner;
        _ = Atomic.Subtract(ref _bytes, bytes);
        if (owner != null)
        {
            _uncharge(owner, bytes);
        }
    }
}
