using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Reports what a program did wrong with a guarded block, with the stacks.</summary>
/// <remarks>
/// On standard error for people, and as a line of JSON in the file that <see cref="ErrorFile"/> names, from
/// which <c>quarry run</c> takes the names of the functions.
/// </remarks>
internal static unsafe class GuardReport
{
    // A program that goes on after an error must not fill the disk with reports.
    private const nuint MaxReports = 20;

    private static nuint s_reports;

    /// <summary>Reports a wrong call, at its stack; ends the process if the options say so.</summary>
    internal static void OnError(GuardedBlocks* guards, GuardError error, void* address)
    {
        GuardSlot* slot = guards->Find(address);
        Report(error, address, slot, GuardAccess.Call);
        if (Options.AbortOnForeign)
        {
            ProcessAbort.Raise();
        }
    }

    /// <summary>Reports an access that faulted.</summary>
    /// <param name="guards">The slots.</param>
    /// <param name="address">The address that was accessed, in the slots.</param>
    /// <param name="context">The <c>ucontext_t</c> of the fault.</param>
    internal static void OnFault(GuardedBlocks* guards, void* address, void* context)
    {
        GuardError error = guards->Explain(address, out GuardSlot* slot);
        GuardAccess access = !SignalFrame.TryReadAccess(context, out bool writes) ? GuardAccess.Unknown
            : writes ? GuardAccess.Write
            : GuardAccess.Read;
        Report(error, address, slot, access);
    }

    [SkipLocalsInit]
    private static void Report(GuardError error, void* address, GuardSlot* slot, GuardAccess access)
    {
        nuint reports = Atomic.Add(ref s_reports, 1);
        if (reports > MaxReports)
        {
            return;
        }

        // Its frames follow those of this image, which the walk omits, and of the signal.
        CallStack stack;
        stack.Depth = GuardMode.Walker == null
            ? 0
            : StackWalker.Walk(GuardMode.Walker, (nuint*)stack.Addresses, CallStack.MaxDepth, out _);
        GuardErrorReport report = new()
        {
            Error = error,
            Access = access,
            Address = (nuint)address,
            Slot = slot,
            Thread = Os.ThreadId(),
            Frames = stack.Addresses,
            FrameCount = stack.Depth,
        };
        GuardErrorText.Write(report);
        ErrorFile.Append(report);
        if (reports == MaxReports)
        {
            StandardError.Write("quarry: further errors are not reported\n"u8);
        }
    }
}
