namespace Quarry.Gc;

/// <summary>A line for every object, in the mode <c>tracing</c>.</summary>
/// <remarks>
/// The runtime stores the type of an object after it got the memory. So the line is written when the thread
/// allocates the next object, when the thread exits, or when a census is taken; the time in it is that of the
/// allocation. Until then the thread's context has the object. There are no quanta in this mode: each object
/// is a run. The lines are those of <see cref="Tracing{TInner}"/>, followed by the address of the type; a
/// thread is identified by the address of its context.
/// </remarks>
internal static unsafe class ObjectTrace
{
    private const nuint Alignment = 8;

    internal static void Remember(AllocationContext* context, ObjectRun* run) =>
        context->Traced = new TracedObject { Run = run, Ticks = TraceClock.Now };

    /// <summary>Writes the line of the thread's last object, unless that was done.</summary>
    internal static void Write(AllocationContext* context)
    {
        ObjectRun* run = context->Traced.Run;
        if (run == null)
        {
            return;
        }

        context->Traced.Run = null;
        byte* place = ObjectRun.First(run);
        TraceEvent trace = new()
        {
            Kind = TraceEventKind.Allocate,
            Address = (nuint)place,
            Size = ObjectRun.ObjectBytes(run),
            Alignment = Alignment,
            Thread = (nuint)context,
            Ticks = context->Traced.Ticks,
        };
        TextBuffer line = new(stackalloc byte[TraceText.MaxLength]);
        TraceText.Append(ref line, &trace);
        line.Append(" type"u8);
        TraceText.AppendAddress(ref line, (nuint)ManagedObject.TypeOf((ManagedObject*)place));
        line.Append((byte)'\n');
        StandardError.Write(ref line);
    }

    /// <summary>
    /// Writes the last objects of all threads. Threads must be suspended: only the thread itself changes its
    /// context otherwise.
    /// </summary>
    internal static void WriteAll() => Runtime.EnumerateContexts(&WriteOne);

    private static void WriteOne(AllocationContext* context, void* argument) => Write(context);
}
