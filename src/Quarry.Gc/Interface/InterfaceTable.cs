namespace Quarry.Gc;

/// <summary>
/// An object of C++: a pointer to its table of functions, and the table. Each gets the object first.
/// </summary>
internal unsafe struct InterfaceTable
{
    // A few more than any interface has: a later runtime may ask for what is appended.
    private const int Capacity = 104;

    private void** _table;
    private fixed ulong _slots[Capacity];

    /// <summary>
    /// Makes every slot answer 0, which is right for most: a caller clears its own stack, so one function
    /// serves all signatures.
    /// </summary>
    internal static void** Fill(InterfaceTable* table)
    {
        void** slots = (void**)table->_slots;
        table->_table = slots;
        for (int index = 0; index < Capacity; index++)
        {
            slots[index] = (delegate*<void*, nint>)&Answers.Zero;
        }

        return slots;
    }
}
