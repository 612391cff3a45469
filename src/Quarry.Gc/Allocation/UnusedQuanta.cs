namespace Quarry.Gc;

/// <summary>Unused ends of exited threads' quanta, kept for new threads.</summary>
/// <remarks>
/// The description of an unused end is stored in it, after the word in which the next object's method table
/// would be. That word stays zero, so a walk of the run still ends there.
/// </remarks>
internal unsafe struct UnusedQuanta
{
    // A smaller end would be used up before it saves a call.
    private const nuint MinSize = 1 << 10;

    private static TaggedStack s_stack;

    /// <summary>Keeps the unused end of a context's quantum, unless it is too small.</summary>
    internal static void Add(AllocationContext* context)
    {
        if ((nuint)(context->Limit - context->Next) >= MinSize)
        {
            Entry* entry = (Entry*)(context->Next + sizeof(void*));
            entry->Limit = context->Limit;
            entry->Run = context->Quantum.Run;
            fixed (TaggedStack* stack = &s_stack)
            {
                // The push publishes the two stores above to the thread that pops the entry.
                TaggedStack.Push(stack, &entry->Below);
            }
        }
    }

    /// <summary>
    /// Tries to reuse the end that was added last, if an object of the specified size fits into it.
    /// </summary>
    internal static bool TryReuse(AllocationContext* context, nuint size)
    {
        fixed (TaggedStack* stack = &s_stack)
        {
            Entry* entry = (Entry*)TaggedStack.Pop(stack);
            if (entry == null)
            {
                return false;
            }

            byte* next = (byte*)entry - sizeof(void*);
            if (size > (nuint)(entry->Limit - next))
            {
                TaggedStack.Push(stack, &entry->Below);
                return false;
            }

            context->Next = next;
            context->Limit = entry->Limit;
            context->Quantum.Run = entry->Run;

            // The memory of objects is zero. A slow thread in the stack's Pop may still read Below, or an
            // object stored there by then; its compare-and-swap fails, as the tag has changed.
            *entry = default;
            return true;
        }
    }

    private struct Entry
    {
        public nuint Below;
        public byte* Limit;
        public ObjectRun* Run;
    }
}
