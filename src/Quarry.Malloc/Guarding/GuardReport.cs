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
        Report(error, address, slot, GuardAccess.Call, 0);
        if (Options.AbortOnForeign)
        {
            ProcessAbort.Raise();
        }
    }

    /// <summary>Reports an error that the isolated heap has found.</summary>
    internal static void OnIsolatedError(IsolatedHeap* heap, IsolatedError* error)
    {
        bool written = error->Error == GuardError.WriteAfterFree;
        Report(*error, written ? GuardAccess.Write : GuardAccess.Call);
        if (Options.AbortOnForeign)
        {
            ProcessAbort.Raise();
        }
    }

    /// <summary>Reports an access that faulted, if it is to a block or beside one.</summary>
    /// <param name="address">The address that was accessed.</param>
    /// <param name="context">The <c>ucontext_t</c> of the fault.</param>
    internal static void OnFault(void* address, void* context)
    {
        GuardAccess access = !SignalFrame.TryReadAccess(context, out bool writes) ? GuardAccess.Unknown
            : writes ? GuardAccess.Write
            : GuardAccess.Read;
        GuardedBlocks* guards = GuardMode.Guards;
        IsolatedHeap* isolated = IsolationMode.Heap;
        if (guards != null && guards->Contains(address))
        {
            GuardError error = guards->Explain(address, out GuardSlot* slot);
            Report(error, address, slot, access, 0);
        }
        else if (isolated != null && IsolatedHeap.Contains(isolated, address))
        {
            Report(IsolatedHeap.Explain(isolated, address), access);
        }
    }

    [SkipLocalsInit]
    private static void Report(IsolatedError error, GuardAccess access)
    {
        GuardSlot slot;
        slot.Address = (nuint)error.Details.Address;
        slot.Size = error.Details.Size;
        BlockHistory history = error.Details.History;
        slot.AllocatingThread = history.AllocatingThread;
        slot.FreeingThread = history.FreeingThread;
        slot.AllocationFrames = IsolationMode.CopyStack(history.AllocationStack, slot.Allocation);
        slot.ReleaseFrames = IsolationMode.CopyStack(history.ReleaseStack, slot.Release);
        Report(error.Error, error.Address, &slot, access, error.Passed);
    }

    [SkipLocalsInit]
    private static void Report(
        GuardError error, void* address, GuardSlot* slot, GuardAccess access, nuint passed)
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
            Passed = passed,
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
