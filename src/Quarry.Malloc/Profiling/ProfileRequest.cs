using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>
/// Answers the requests for a profile file, or for a report of the heap, that other processes write into the
/// memory of this one.
/// </summary>
/// <remarks>
/// No instruction looks for requests: the requester sets the word that makes slow paths report progress.
/// </remarks>
internal static unsafe class ProfileRequest
{
    /// <summary>Publishes the word that a requester sets.</summary>
    internal static void Announce(HeapState* heap) =>
        Atomic.Write(ref Control->WantsProgress, (nuint)(&heap->WantsProgress));

    /// <summary>Creates the profile file, or writes the report, if there is a request.</summary>
    internal static void Answer(HeapState* heap)
    {
        ProfileControl* control = Control;
        byte request = Volatile.Read(ref control->Request);

        // The memory of a child of vfork is that of its parent, whose ID the heap has.
        if (request == control->Answered || heap->ProcessId != Os.ProcessId())
        {
            return;
        }

        nint error = control->Letters[0] != 0
            ? JemallocReport.TryWriteFile(control->Prefix, control->Letters)
            : Profiler.Attach(heap, control->Prefix);
        if (error != Profiler.Busy)
        {
            control->Result = (int)error;
            Volatile.Write(ref control->Answered, request);
        }
    }

    /// <summary>Forgets a request that the parent of a forked child has to answer.</summary>
    internal static void Cancel() => Control->Answered = Control->Request;

    private static ProfileControl* Control => (ProfileControl*)Address();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_control_address")]
    private static extern void* Address();
}
