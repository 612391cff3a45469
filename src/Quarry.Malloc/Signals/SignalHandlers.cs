using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// Replaces <c>sigaction</c> and <c>signal</c>, so that a handler that interrupts the heap can use the heap.
/// </summary>
/// <remarks>
/// <para>
/// The fast paths of <c>malloc</c> and <c>free</c> mark nothing, so a handler that interrupts one must not
/// use the same thread heap: between the load of a list and the store of its next block, both would take
/// the same block. Therefore the kernel is given an entry of this image instead of the program's handler.
/// If a signal has interrupted C# code, the entry marks the thread heap as busy and replaces the thread
/// word by a placeholder until the handler returns. Every call of the handler then takes a slow path, which
/// finds the thread heap busy and uses another one; see <see cref="ProcessHeap.Attach"/>. If the handler
/// does not return but jumps, the mark shows that its frame is gone, and the thread heap is rebuilt. All
/// other signals cost a few instructions.
/// </para>
/// <para>
/// The program reads its own handlers back. Handlers that are installed in other ways are called directly: by
/// a system call, or inside the C library.
/// </para>
/// </remarks>
internal static unsafe class SignalHandlers
{
    private const int LastSignal = 64;

    // All other values but SIG_ERR are functions.
    private const nuint Default = 0, Ignore = 1;

    private static nuint s_sigaction, s_signal;

    // SIG_ERR.
    private static nuint Error => nuint.MaxValue;

    [RuntimeExport("quarry_sigaction")]
    internal static int SigAction(int signal, SignalAction* action, SignalAction* old)
    {
        void* original = OriginalAction();
        if (original == null)
        {
            Errno.Value = Errno.NotImplemented;
            return -1;
        }

        if (FaultHandler.Keeps(signal) && IsOwnProcess())
        {
            return FaultHandler.SetAction(original, action, old);
        }

        nuint* handler = HandlerOf(signal);
        nuint previous = handler == null ? 0 : *handler;
        SignalAction replaced;
        bool replaces = handler != null && action != null && IsReplaceable(action->Handler);
        if (replaces)
        {
            // Before the call: the signal may arrive during it.
            replaced = *action;
            replaced.Handler = Entry();
            *handler = action->Handler;
            action = &replaced;
        }

        int result = (int)NativeCall.Invoke(original, signal, (nint)action, (nint)old);
        if (result != 0)
        {
            if (replaces)
            {
                *handler = previous;
            }

            return result;
        }

        if (old != null && old->Handler == Entry())
        {
            old->Handler = previous;
        }

        return result;
    }

    [RuntimeExport("quarry_signal")]
    internal static nuint Signal(int signal, nuint action)
    {
        void* original = Original(ref s_signal, "signal\0"u8);
        if (original == null)
        {
            Errno.Value = Errno.NotImplemented;
            return Error;
        }

        if (FaultHandler.Keeps(signal) && IsOwnProcess())
        {
            // As in glibc, where functions that were interrupted are restarted.
            SignalAction kept = new() { Handler = action, Flags = SignalAction.Restart };
            SignalAction old;
            bool set = FaultHandler.SetAction(OriginalAction(), &kept, &old) == 0;
            return set ? old.Handler : Error;
        }

        nuint* handler = HandlerOf(signal);
        nuint previous = handler == null ? 0 : *handler;
        bool replaces = handler != null && IsReplaceable(action);
        if (replaces)
        {
            *handler = action;
            action = Entry();
        }

        nuint result = (nuint)NativeCall.Invoke(original, signal, (nint)action);
        if (result == Error && replaces)
        {
            *handler = previous;
        }

        return result == Entry() ? previous : result;
    }

    /// <summary>Returns the <c>sigaction</c> that this image replaces; null if there is none.</summary>
    internal static void* OriginalAction() => Original(ref s_sigaction, "sigaction\0"u8);

    /// <summary>Makes the entry call a function of this image for a signal, and returns the entry.</summary>
    internal static nuint EntryFor(int signal, delegate*<int, byte*, void*, void> function)
    {
        Table()[signal] = (nuint)function;
        return Entry();
    }

    private static bool IsReplaceable(nuint handler) =>
        handler is not (Default or Ignore) && handler != Error && handler != Entry() && IsOwnProcess();

    /// <summary>
    /// Determines whether the handlers are those of this process. A child of <c>vfork</c>, which runs in the
    /// memory of its parent, must not change the parent's.
    /// </summary>
    private static bool IsOwnProcess()
    {
        HeapState* heap = ProcessHeap.Heap;
        return heap == null || heap->ProcessId == Os.ProcessId();
    }

    private static nuint* HandlerOf(int signal) =>
        signal is > 0 and <= LastSignal ? Table() + signal : null;

    private static void* Original(ref nuint cache, System.ReadOnlySpan<byte> name)
    {
        nuint original = Atomic.Read(ref cache);
        if (original == 0)
        {
            original = (nuint)LibC.Next(name);
            Atomic.Write(ref cache, original);
        }

        return (void*)original;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_signal_entry_address")]
    private static extern nuint Entry();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_signal_entry_table")]
    private static extern nuint* Table();
}
