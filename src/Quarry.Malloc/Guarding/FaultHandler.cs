namespace Quarry.Malloc;

/// <summary>
/// Receives <c>SIGSEGV</c> while blocks are guarded, and passes it on to the program's handler.
/// </summary>
/// <remarks>
/// The program sets and reads its own handler as ever; the kernel always has the entry of this image, see
/// <see cref="SignalHandlers"/>. A handler that the program installs by a system call of its own replaces it,
/// and faults are not explained then.
/// </remarks>
internal static unsafe class FaultHandler
{
    private const int SegmentationFault = 11;
    private const int WithInformation = 4, OnAlternateStack = 0x0800_0000, ResetHandler = int.MinValue;
    private const nuint Default = 0, Ignore = 1;

    // Of siginfo_t: the code, positive if the kernel raised the signal, and the address of a fault.
    private const nuint CodeOffset = 8, AddressOffset = 16;

    private static bool s_installed;
    private static SignalAction s_program;

    /// <summary>Installs the handler, in front of the one that the program may have.</summary>
    internal static void Install()
    {
        void* original = SignalHandlers.OriginalAction();
        SignalAction none = default;
        if (original == null || Set(original, none, WithInformation | OnAlternateStack) != 0)
        {
            StandardError.Write("quarry: cannot handle SIGSEGV; faults are not explained\n"u8);
            return;
        }

        s_installed = true;
    }

    /// <summary>Determines whether the program's handler of a signal is kept here.</summary>
    internal static bool Keeps(int signal) => s_installed && signal == SegmentationFault;

    /// <summary>Does what <c>sigaction</c> does for the signal.</summary>
    internal static int SetAction(void* original, SignalAction* action, SignalAction* old)
    {
        SignalAction previous = s_program;
        if (action != null)
        {
            s_program = *action;
            bool calls = action->Handler is not (Default or Ignore);
            int flags = calls ? action->Flags & ~ResetHandler : OnAlternateStack;
            int result = Set(original, *action, flags | WithInformation);
            if (result != 0)
            {
                s_program = previous;
                return result;
            }
        }

        if (old != null)
        {
            *old = previous;
        }

        return 0;
    }

    private static int Set(void* original, SignalAction action, int flags)
    {
        action.Handler = SignalHandlers.EntryFor(SegmentationFault, &OnFault);
        action.Flags = flags;
        return (int)NativeCall.Invoke(original, SegmentationFault, (nint)(&action), 0);
    }

    private static void OnFault(int signal, byte* information, void* context)
    {
        void* address = *(void**)(information + AddressOffset);
        if (*(int*)(information + CodeOffset) > 0)
        {
            GuardReport.OnFault(address, context);
        }

        nuint handler = s_program.Handler;
        if (handler == Default)
        {
            Die(*(int*)(information + CodeOffset) > 0);
        }
        else if (handler != Ignore)
        {
            _ = NativeCall.Invoke((void*)handler, signal, (nint)information, (nint)context);
        }
    }

    /// <summary>Ends the process by the signal, so that its parent and a core dump show a fault.</summary>
    private static void Die(bool faulted)
    {
        SignalAction action = default;
        _ = NativeCall.Invoke(
            SignalHandlers.OriginalAction(), SegmentationFault, (nint)(&action), 0);
        s_installed = false;
        if (!faulted)
        {
            // The instruction that a fault interrupted is repeated. A signal that was sent is not.
            Os.Linux.Raise(SegmentationFault);
        }
    }
}
