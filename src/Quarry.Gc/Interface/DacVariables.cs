namespace Quarry.Gc;

/// <summary>
/// The addresses at which debuggers and crash dumps find the structures of the heap: <c>GcDacVars</c>.
/// </summary>
/// <remarks>
/// They point to zeroed structures. The runtime's debugging library dereferences them without testing for
/// null; with null, no crash dump would be written.
/// </remarks>
internal unsafe struct DacVariables
{
    // The version of this structure, not of the interface.
    private const byte MajorVersion = 2, MinorVersion = 4;

    // The sizes of structures of the stock collector, which the debugging library expects.
    private const nuint GenerationSize = 0x108, Generations = 5, CardTableInfoSize = 0x40;
    private const int BookkeepingElements = 6;

    private const int Pointers = 35, MaxGeneration = 4, HandleTableMap = 26;

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
        const nuint Page = 4096;
        byte* zeros = (byte*)Os.Map(2 * Page);
        if (zeros == null)
        {
            return false;
        }

        // The second page: the highest generation, and an empty map of handle tables.
        int* highest = (int*)(zeros + Page);
        void** map = (void**)(zeros + Page + 64);
        *highest = GcHeap.OldestGeneration;
        *map = zeros;
        byte minor = variables->Minor;
        variables->Major = MajorVersion;
        variables->Minor = MinorVersion;
        variables->SizeOfGeneration = GenerationSize;
        variables->TotalGenerations = Generations;
        for (int index = 0; index < Pointers; index++)
        {
            variables->Addresses[index] = (ulong)zeros;
        }

        variables->Addresses[MaxGeneration] = (ulong)highest;
        variables->Addresses[HandleTableMap] = (ulong)map;

        // Older runtimes pass a shorter structure.
        if (minor >= 2)
        {
            variables->TotalBookkeepingElements = BookkeepingElements;
            variables->SizeOfCardTableInfo = CardTableInfoSize;
        }

        if (minor >= 4)
        {
            variables->DynamicAdaptationMode = (ulong)zeros;
        }

        return true;
    }
}
