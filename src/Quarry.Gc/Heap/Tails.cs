namespace Quarry.Gc;

/// <summary>What threads that ended have left of their windows, for threads that start.</summary>
/// <remarks>
/// A tail describes itself in its own memory, behind the place where the next object's method table would
/// be: that stays zero, so a walk of the heap still ends there.
/// </remarks>
internal unsafe struct Tails
{
    // A smaller one is used up before it has saved a call.
    private const nuint Worth = 1 << 10;

    private static TaggedStack s_free;

    internal static void Give(AllocationContext* context)
    {
        if ((nuint)(context->Limit - context->Next) >= Worth)
        {
            Tail* tail = (Tail*)(context->Next + sizeof(void*));
            tail->Limit = context->Limit;
            tail->Chunk = context->Chunk;
            fixed (TaggedStack* free = &s_free)
            {
                TaggedStack.Push(free, &tail->Below);
            }
        }
    }

    /// <summary>Gives the context a tail with room for an object of a size.</summary>
    internal static bool TryTake(AllocationContext* context, nuint size)
    {
        fixed (TaggedStack* free = &s_free)
        {
            Tail* tail = (Tail*)TaggedStack.Pop(free);
            if (tail == null)
            {
                return false;
            }

            byte* next = (byte*)tail - sizeof(void*);
            if (size > (nuint)(tail->Limit - next))
            {
                TaggedStack.Push(free, &tail->Below);
                return false;
            }

            context->Next = next;
            context->Limit = tail->Limit;
            context->Chunk = tail->Chunk;
            *tail = default;
            return true;
        }
    }

    private struct Tail
    {
        public nuint Below;
        public byte* Limit;
        public Chunk* Chunk;
    }
}
