namespace Quarry.Gc;

/// <summary>
/// The addresses at which debuggers and crash dumps find the structures of the heap: <c>GcDacVars</c>.
/// </summary>
/// <remarks>
/// The runtime's debugging library dereferences them without testing for null; with null, no crash dump would
/// be written. Those that do not apply point to zeros.
/// </remarks>
internal unsafe struct DacVariables
{
    // The version of this structure, not of the interface.
    private const byte MajorVersion = 2, MinorVersion = 4;

    // The size of a structure of the stock collector, which the debugging library expects.
    private const nuint CardTableInfoSize = 0x40;
    private const int BookkeepingElements = 6;

    // The indices of addresses.
    private const int Pointers = 35, Variant = 0, Generations = 3, MaxGeneration = 4, Ephemeral = 7,
        Allocated = 12, FinalizeQueue = 15, HeapCount = 19, Heaps = 20, HandleTables = 26, HeapOffsets = 27,
        GenerationOffsets = 28;

    public byte Major;
    public byte Minor;
    public nuint SizeOfGeneration;
    public nuint TotalGenerations;
    public fixed ulong Addresses[Pointers];
    public int TotalBookkeepingElements;
    public int FreeRegionKinds;
    public nuint SizeOfCardTableInfo;
    public ulong DynamicAdaptationMode;

    /// <summary>Fills the variables.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryFill(DacVariables* variables)
    {
        DebuggerData* data = DebuggerData.Create();
        if (data == null)
        {
            return false;
        }

        byte minor = variables->Minor;
        variables->Major = MajorVersion;
        variables->Minor = MinorVersion;
        variables->SizeOfGeneration = DebuggerData.GenerationSize;
        variables->TotalGenerations = DebuggerData.Generations;
        for (int index = 0; index < Pointers; index++)
        {
            variables->Addresses[index] = (ulong)data->Zeros;
        }

        variables->Addresses[Variant] = (ulong)&data->Variant;
        variables->Addresses[Generations] = (ulong)data->Table;
        variables->Addresses[MaxGeneration] = (ulong)&data->MaxGeneration;
        variables->Addresses[Ephemeral] = (ulong)&data->Ephemeral;
        variables->Addresses[Allocated] = (ulong)&data->Allocated;
        variables->Addresses[FinalizeQueue] = (ulong)&data->FinalizeQueue;
        variables->Addresses[HeapCount] = (ulong)&data->HeapCount;
        variables->Addresses[Heaps] = (ulong)&data->Heaps;
        variables->Addresses[HandleTables] = (ulong)&data->HandleTables;
        variables->Addresses[HeapOffsets] = (ulong)data->HeapOffsets;
        variables->Addresses[GenerationOffsets] = (ulong)data->GenerationOffsets;

        // Older runtimes pass a shorter structure.
        if (minor >= 2)
        {
            variables->TotalBookkeepingElements = BookkeepingElements;
            variables->SizeOfCardTableInfo = CardTableInfoSize;
        }

        if (minor >= 4)
        {
            variables->DynamicAdaptationMode = (ulong)data->Zeros;
        }

        return true;
    }
}
