namespace Quarry.Gc;

/// <summary>A line for every object, in the mode <c>tracing</c>.</summary>
/// <remarks>
/// The runtime says what an object is only after it got the memory. So an object is told when its thread asks
/// for the next one, when the thread ends, or when the objects are counted; the time in the line is that of
/// the allocation. In between the thread's context remembers it: there are no windows in this mode, each
/// object is a chunk. The lines are those of <see cref="Tracing{TInner}"/>, with the address of the type
/// behind; a thread is known by its context.
/// </remarks>
internal static unsafe class ObjectTrace
{
    private const nuint Alignment = 8;

    internal static void Remember(AllocationContext* context, Chunk* chunk)
    {
        context->Chunk = chunk;
        context->Window = (nuint)TraceClock.Now;
    }

    /// <summary>Tells of the object that a thread made last, unless that was done.</summary>
    internal static void Tell(AllocationContext* context)
    {
        Chunk* chunk = context->Chunk;
        if (chunk == null)
        {
            return;
        }

        context->Chunk = null;
        byte* place = Chunk.First(chunk);
        TraceEvent trace = new()
        {
            Kind = TraceEventKind.Allocate,
            Address = (nuint)place,
            Size = Chunk.ObjectsIn(chunk->Size),
            Alignment = Alignment,
            Thread = (nuint)context,
            Ticks = context->Window,
        };
        TextBuffer line = new(stackalloc byte[TraceText.MaxLength]);
        TraceText.Append(ref line, &trace);
        line.Append(" type"u8);
        TraceText.AppendAddress(ref line, (nuint)ObjectHeader.MethodTableOf(place));
        line.Append((byte)'\n');
        StandardError.Write(ref line);
    }

    /// <summary>Tells of the last objects of all threads, which have to be suspended.</summary>
    internal static void TellAll() => Runtime.EnumerateContexts(&TellOne);

    private static void TellOne(AllocationContext* context, void* nothing) => Tell(context);
}
