namespace Quarry.Gc;

/// <summary>Where debuggers and crash dumps find the collector's structures: <c>GcDacVars</c>.</summary>
internal unsafe struct DacVariables
{
    private const int Pointers = 35, MaxGeneration = 4, HandleTableMap = 26;
    private const nuint GenerationSize = 0x108, Generations = 5, CardTableInfoSize = 0x40;
    private const int BookkeepingElements = 6;

    public byte Major;
    public byte Minor;
    public nuint SizeOfGeneration;
    public nuint TotalGenerations;
    public fixed ulong Addresses[Pointers];
    public int TotalBookkeepingElements;
    public int FreeRegionKinds;
    public nuint SizeOfCardTableInfo;
    public ulong DynamicAdaptationMode;

    /// <summary>
    /// Points everything at zeros. The debugger's half of the runtime follows these addresses without asking
    /// whether they are null; with nulls no crash dump is written.
    /// </summary>
    /// <returns>False if there is no memory for the zeros.</returns>
    internal static bool TryFill(DacVariables* variables)
    {
        const nuint Page = 4096;
        byte* zeros = (byte*)Os.Map(2 * Page);
        if (zeros == null)
        {
            return false;
        }

        // The second page: the highest generation, and a map of handle tables that has none.
        int* highest = (int*)(zeros + Page);
        void** map = (void**)(zeros + Page + 64);
        *highest = 2;
        *map = zeros;
        byte minor = variables->Minor;
        variables->Major = 2;
        variables->Minor = 4;
        variables->SizeOfGeneration = GenerationSize;
        variables->TotalGenerations = Generations;
        for (int index = 0; index < Pointers; index++)
        {
            variables->Addresses[index] = (ulong)zeros;
        }

        variables->Addresses[MaxGeneration] = (ulong)highest;
        variables->Addresses[HandleTableMap] = (ulong)map;

        // Older runtimes hand over a shorter structure.
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
