namespace Quarry.Gc;

/// <summary>Writes a line for every object, in the mode <c>tracing</c>.</summary>
/// <remarks>
/// The runtime stores the type of an object after the allocation. The line is therefore written when the
/// thread allocates its next object, when the thread exits, or when a census is taken; its time is that of
/// the allocation. Until then, the thread's context refers to the object. There are no quanta in this mode:
/// each object is a run. The lines are those of <see cref="Tracing{TInner}"/>, followed by the address of the
/// type; a thread is identified by the address of its context.
/// </remarks>
internal static unsafe class ObjectTrace
{
    private const nuint Alignment = 8;

    internal static void Remember(AllocationContext* context, ObjectRun* run) =>
        context->Traced = new TracedObject { Run = run, Ticks = TraceClock.Now };

    /// <summary>Writes the line of the thread's last object, unless it was written before.</summary>
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
            Nanoseconds = context->Traced.Ticks,
        };
        TextBuffer line = new(stackalloc byte[TraceText.MaxLength]);
        TraceText.Append(ref line, &trace);
        line.Append(" type"u8);
        TraceText.AppendAddress(ref line, (nuint)ManagedObject.TypeOf((ManagedObject*)place));
        line.Append((byte)'\n');
        StandardError.Write(ref line);
    }

    /// <summary>
    /// Writes the last objects of all threads. All threads must be suspended, because otherwise only the
    /// thread itself may change its context.
    /// </summary>
    internal static void WriteAll() => Runtime.EnumerateContexts(&WriteOne);

    private static void WriteOne(AllocationContext* context, void* argument) => Write(context);
}
