using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>Checking for managed callers: what was found, as objects, and as an exception.</summary>
public readonly unsafe partial struct Checked<TInner> : IDisposable
{
    private static bool MayLeak => (TInner.Traits & AllocatorTraits.Deallocates) != 0;

    /// <summary>Makes a checked allocator with the default options.</summary>
    /// <param name="inner">Where the blocks come from; not disposed with this.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Checked(TInner inner)
        : this(inner, new CheckedOptions())
    {
    }

    /// <summary>Makes a checked allocator.</summary>
    /// <param name="inner">Where the blocks come from; not disposed with this.</param>
    /// <param name="options">What to look for.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are negative or too many bytes of canary or frames of stacks.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
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
    /// Raised at once for each violation, on the thread that met it. No lock is held: a handler may use the
    /// allocator. It must not throw, as allocators do not.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public event Action<ViolationReport> ViolationFound
    {
        add => Log.Found += value;
        remove => Log.Found -= value;
    }

    /// <summary>What was found so far, in the order in which it was found.</summary>
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
    /// Looks for writes around live blocks and to freed ones, and throws if there was a violation of any kind
    /// that no exception has told of yet.
    /// </summary>
    /// <exception cref="CheckedViolationException">There was one; it lists them all.</exception>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public void Verify()
    {
        CheckedLog log = Log;
        _ = TryVerify();
        ThrowIfAny(log.TakeUnthrown(), LeakReport.Empty);
    }

    /// <summary>The blocks that were taken and not given back, by the site that took them.</summary>
    /// <exception cref="ObjectDisposedException">The allocator is disposed.</exception>
    public LeakReport GetLeaks() => GetLeaks(State);

    /// <summary>
    /// Ends the checking, and throws if there was a violation that no exception has told of yet, or a block
    /// was not given back.
    /// </summary>
    /// <remarks>
    /// What is quarantined goes back to the inner allocator. Blocks that are live stay as they are: they are
    /// the inner allocator's. Those on guarded pages are gone. An exception that is on its way out of the
    /// <c>using</c> is replaced by this one; call <see cref="Verify"/> at the end of the block to have both
    /// apart, or choose <see cref="ViolationResponse.Collect"/>.
    /// </remarks>
    /// <exception cref="CheckedViolationException">There was one; it lists them all.</exception>
    public void Dispose()
    {
        if (!_handle.TryRetire())
        {
            return;
        }

        CheckedState* state = _handle.Pointer;
        CheckedOptions options = state->Options;
        CheckedLog log = CheckedLog.Of(state);
        state->LookOverAll(state->Site());
        LeakReport leaks = options.FindLeaks && MayLeak ? GetLeaks(state) : LeakReport.Empty;
        ForgetAll(state, giveBack: true);
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
            // Other threads may take more meanwhile.
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
}
