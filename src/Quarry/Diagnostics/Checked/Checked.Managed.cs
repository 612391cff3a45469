using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Quarry;

/// <content>Checking in .NET: violations as objects, and as an exception.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Checked<TInner> : IDisposable, IMortal
{
    private static bool MayLeak => (TInner.Traits & AllocatorTraits.Deallocates) != 0;

    /// <summary>Initializes a checked allocator with the default options.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Checked(TInner inner)
        : this(inner, new CheckedOptions())
    {
    }

    /// <summary>Initializes a checked allocator.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="options">What to check, and how to respond.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size of the canaries or the number of frames is negative or too large.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Checked(TInner inner, CheckedOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.CanaryBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CanaryBytes, CheckedOptions.MaxCanaryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(options.StackFrames);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.StackFrames, CheckedOptions.MaxStackFrames);
        if (!TryCreate(inner, options, out this))
        {
            Throw.OutOfMemory((nuint)sizeof(CheckedState), (nuint)sizeof(nuint));
        }
    }

    /// <summary>
    /// Occurs for each violation at once, on the thread that exposed it. No lock is held, so a handler can
    /// use the allocator. It must not throw, as allocators do not.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public event Action<ViolationReport> ViolationFound
    {
        add => Log.Found += value;
        remove => Log.Found -= value;
    }

    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the violations so far, in the order in which they were detected.</summary>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public IReadOnlyList<ViolationReport> Violations => Log.Reports;

    private CheckedLog Log => CheckedLog.Of(State);

    private CheckedState* State
    {
        get
        {
            if (!_handle.IsAlive)
            {
                Throw.Disposed(nameof(Checked<>));
            }

            return _handle.Pointer;
        }
    }

    /// <summary>
    /// Verifies the canaries of all blocks and the filling of quarantined ones, and throws an exception if
    /// there was a violation of any kind that no exception has reported yet.
    /// </summary>
    /// <exception cref="CheckedViolationException">
    /// There was a violation. The exception lists all of them.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public void Verify()
    {
        CheckedLog log = Log;
        _ = TryVerify();
        ThrowIfAny(log.TakeUnthrown(), LeakReport.Empty);
    }

    /// <summary>
    /// Returns the blocks that were allocated and not freed, grouped by the stack that allocated them.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public LeakReport GetLeaks() => GetLeaks(State);

    /// <summary>
    /// Verifies all blocks, and throws an exception if there was a violation that no exception has reported
    /// yet, or if a block was not freed.
    /// </summary>
    /// <remarks>
    /// Quarantined blocks are freed to the inner allocator. Live blocks are not, and remain valid, except for
    /// those with guard pages. An exception that is leaving the <c>using</c> block is replaced by this one;
    /// to see both, call <see cref="Verify"/> at the end of the block, or choose
    /// <see cref="ViolationResponse.Collect"/>.
    /// </remarks>
    /// <exception cref="CheckedViolationException">
    /// There was a violation. The exception lists all of them.
    /// </exception>
    public void Dispose()
    {
        if (!_handle.TryRetire())
        {
            return;
        }

        CheckedState* state = _handle.Pointer;
        CheckedOptions options = state->Options;
        CheckedLog log = CheckedLog.Of(state);

        // The blocks are gone if the inner allocator was disposed first.
        bool hasBlocks = Dead.Of(_inner) == null;
        if (hasBlocks)
        {
            state->ReportAllDamage(state->Site());
        }

        LeakReport leaks = options.FindLeaks && MayLeak ? GetLeaks(state) : LeakReport.Empty;
        RemoveAll(state, freeQuarantined: hasBlocks);
        CheckedLog.Detach(state);
        _handle.Release();
        if (options.Response == ViolationResponse.ThrowAtEnd)
        {
            ThrowIfAny(log.TakeUnthrown(), leaks);
        }
    }

    static partial void OnCreated(CheckedState* state) => CheckedLog.Attach(state);

    private static LeakReport GetLeaks(CheckedState* state)
    {
        LiveBlock[] blocks = [];
        nuint count = state->CopyLive(null, 0);
        while (count > (nuint)blocks.Length)
        {
            // Other threads can allocate more meanwhile.
            blocks = new LiveBlock[checked((int)count)];
            fixed (LiveBlock* first = blocks)
            {
                count = state->CopyLive(first, (nuint)blocks.Length);
            }
        }

        return LeakReport.Of(blocks.AsSpan(0, (int)count));
    }

    private static void ThrowIfAny(IReadOnlyList<ViolationReport> violations, LeakReport leaks)
    {
        if (violations.Count > 0 || leaks.Blocks > 0)
        {
            throw new CheckedViolationException(violations, leaks);
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Checked") ?? Dead.Of(_inner);
}
