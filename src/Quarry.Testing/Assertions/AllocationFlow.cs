using System;
using System.Diagnostics.Tracing;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Testing;

/// <summary>
/// Counts what an asynchronous action allocates, on whatever threads it runs, and nothing else of them.
/// </summary>
/// <remarks>
/// The execution context goes with the action from thread to thread, and tells when it comes to one and when it
/// leaves. In between, the count of that thread is the action's. What the action queues without its context is
/// not counted, nor what goes on after its task has completed.
/// </remarks>
internal sealed class AllocationFlow
{
    private static readonly AsyncLocal<AllocationFlow?> s_current = new(OnChanged);

    [ThreadStatic]
    private static long t_since;

    private readonly Guid _activity;
    private long _bytes;

    private AllocationFlow(Guid activity) => _activity = activity;

    /// <summary>Runs the action.</summary>
    /// <param name="action">What is counted.</param>
    /// <param name="activity">Marks the events of the threads that it runs on; none if empty.</param>
    /// <returns>The bytes that it allocated.</returns>
    internal static async Task<long> Measure(Func<Task> action, Guid activity = default)
    {
        var flow = new AllocationFlow(activity);
        Task task;
        s_current.Value = flow;
        try
        {
            task = action();
        }
        finally
        {
            // From here on this thread is ours again: waiting for the task is not what is counted.
            flow.Leave();
            s_current.Value = null;
        }

        await task.ConfigureAwait(false);
        return Volatile.Read(ref flow._bytes);
    }

    private static void OnChanged(AsyncLocalValueChangedArgs<AllocationFlow?> change)
    {
        if (change.PreviousValue != change.CurrentValue)
        {
            change.PreviousValue?.Leave();
            change.CurrentValue?.Enter();
        }
    }

    private void Enter()
    {
        Mark(_activity);
        t_since = ManagedCounter.Now;
    }

    /// <summary>Does nothing if it was left already.</summary>
    private void Leave()
    {
        long bytes = ManagedCounter.Now - t_since;
        if (t_since >= 0)
        {
            t_since = -1;
            _ = Interlocked.Add(ref _bytes, bytes);
            Mark(Guid.Empty);
        }
    }

    private void Mark(Guid activity)
    {
        if (_activity != Guid.Empty)
        {
            EventSource.SetCurrentThreadActivityId(activity);
        }
    }
}
