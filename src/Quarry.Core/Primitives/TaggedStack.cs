namespace Quarry;

/// <summary>A stack of free memory that any number of threads push to and pop from, without a lock.</summary>
/// <remarks>
/// An element is known by the address of a word in it, where the stack keeps the next element. That word must
/// stay readable for good: a thread that was overtaken reads it although the element is somebody's by now,
/// and throws away what it read. The upper 16 bits of the head, which no address of ours uses, count the
/// changes, so that an element that went and came back is not taken for an unchanged head. (Treiber, 1986,
/// with a tag.)
/// </remarks>
internal unsafe struct TaggedStack
{
    private const int TagShift = 48;
    private const ulong AddressMask = (1ul << TagShift) - 1;

    private ulong _head;

    internal static void Push(TaggedStack* stack, nuint* link)
    {
        ulong head;
        do
        {
            head = Atomic.Read(ref stack->_head);
            Atomic.Write(ref *link, (nuint)(head & AddressMask));
        }
        while (!Atomic.TryReplace(ref stack->_head, head, Changed(head, (ulong)link)));
    }

    /// <summary>The word of the element pushed last; null if there is none.</summary>
    internal static nuint* Pop(TaggedStack* stack)
    {
        for (; ; )
        {
            ulong head = Atomic.Read(ref stack->_head);
            nuint* link = (nuint*)(head & AddressMask);
            ulong below = link == null ? 0 : Atomic.Read(ref *link) & AddressMask;
            if (link == null || Atomic.TryReplace(ref stack->_head, head, Changed(head, below)))
            {
                return link;
            }
        }
    }

    private static ulong Changed(ulong head, ulong address) =>
        (((head >> TagShift) + 1) << TagShift) | address;
}
