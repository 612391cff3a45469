namespace Quarry.Gc;

/// <summary>Unused ends of exited threads' quanta, kept for new threads.</summary>
/// <remarks>
/// The description of an unused end is stored in it, after the two words of a <see cref="FreeObject"/>,
/// which the mode <c>collect</c> writes at its start. In the other modes, these two words stay zero, so a
/// walk of the run still ends there.
/// </remarks>
internal unsafe struct UnusedQuanta
{
    // A smaller end would be used up before it saves a call.
    private const nuint MinSize = 1 << 10;

    private const nuint EntryOffset = 16;

    private static TaggedStack s_stack;

    /// <summary>Keeps an unused end, unless it is too small.</summary>
    /// <param name="next">The address of the next object.</param>
    /// <param name="limit">The first address at which no object may start.</param>
    /// <param name="run">The run that contains the quantum; null in the mode <c>collect</c>.</param>
    internal static void Add(byte* next, byte* limit, ObjectRun* run)
    {
        if ((nuint)(limit - next) >= MinSize)
        {
            Entry* entry = (Entry*)(next + EntryOffset);
            entry->Limit = limit;
            entry->Run = run;
            fixed (TaggedStack* stack = &s_stack)
            {
                // The push publishes the two stores above to the thread that pops the entry.
                TaggedStack.Push(stack, &entry->Below);
            }
        }
    }

    /// <summary>
    /// Tries to reuse the end that was added last, if an object of the specified size fits into it. Sets the
    /// bounds of the context.
    /// </summary>
    /// <returns>False if there is none.</returns>
    internal static bool TryReuse(AllocationContext* context, nuint size, out ObjectRun* run)
    {
        run = null;
        fixed (TaggedStack* stack = &s_stack)
        {
            Entry* entry = (Entry*)TaggedStack.Pop(stack);
            if (entry == null)
            {
                return false;
            }

            byte* next = (byte*)entry - EntryOffset;
            if (size > (nuint)(entry->Limit - next))
            {
                TaggedStack.Push(stack, &entry->Below);
                return false;
            }

            context->Next = next;
            context->Limit = entry->Limit;
            run = entry->Run;

            // The memory of objects is zero. A slow thread in the stack's Pop may still read Below, or an
            // object stored there by then; its compare-and-swap fails, as the tag has changed.
            *entry = default;
            return true;
        }
    }

    /// <summary>Forgets all ends. Threads must be suspended.</summary>
    internal static void Clear()
    {
        fixed (TaggedStack* stack = &s_stack)
        {
            while (TaggedStack.Pop(stack) != null)
            {
            }
        }
    }

    private struct Entry
    {
        public nuint Below;
        public byte* Limit;
        public ObjectRun* Run;
    }
}
