namespace Quarry.Gc;

/// <summary>
/// A C++ object without fields: the address of its function table, and the table. Each function takes the
/// object as its first argument.
/// </summary>
internal unsafe struct InterfaceObject<TTable> where TTable : unmanaged
{
    // A later runtime may call functions that its version of the interface appends.
    private const int SpareSlots = 16;

    public TTable* Functions;
    public TTable Table;
    private fixed ulong _spare[SpareSlots];

    /// <summary>Makes every function return 0, which is the correct result of most.</summary>
    /// <returns>The table, in which the caller assigns the other functions.</returns>
    internal static TTable* Initialize(InterfaceObject<TTable>* instance)
    {
        TTable* table = &instance->Table;
        instance->Functions = table;
        void** slots = (void**)table;
        int count = (sizeof(TTable) / sizeof(void*)) + SpareSlots;
        for (int index = 0; index < count; index++)
        {
            // In the C calling convention the caller removes the arguments: one function serves all
            // signatures.
            slots[index] = (delegate*<void*, nint>)&ReturnZero;
        }

        return table;
    }

    private static nint ReturnZero(void* self) => 0;
}
