namespace Quarry;

/// <summary>A lock-free stack of free memory, for any number of threads.</summary>
/// <remarks>
/// An element is represented by the address of a word in it, which links to the next element. That word must
/// stay readable forever: a thread whose exchange is about to fail may read it after the element has a new
/// owner, and discards the value. The upper 16 bits of the head, which no user-space address uses on x86-64
/// or on arm64 with 48-bit addresses, count the changes, so that an element that was popped and pushed again
/// is not mistaken for an unchanged head. (Treiber's stack, 1986, with a tag.)
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
        // A full fence: publishes the link, and the element's contents, to the thread that pops it.
        while (!Atomic.TryReplace(ref stack->_head, head, Changed(head, (ulong)link)));
    }

    /// <summary>Pops the most recently pushed element; returns null if the stack is empty.</summary>
    internal static nuint* Pop(TaggedStack* stack)
    {
        for (; ; )
        {
            // Acquires the link that the exchange in Push published.
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
