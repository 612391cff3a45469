namespace Quarry.Gc;

/// <summary>
/// The bounds and tables of the heap, for the write barriers: <c>WriteBarrierParameters</c>.
/// </summary>
internal unsafe struct WriteBarrierParameters
{
    internal const int Initialize = 2;

    public int Operation;
    public byte IsRuntimeSuspended;
    public byte RequiresUpperBoundsCheck;
    public byte* CardTable;
    public byte* CardBundleTable;
    public byte* Lowest;
    public byte* Highest;
    public byte* EphemeralLow;
    public byte* EphemeralHigh;
    public byte* WriteWatchTable;
    public byte* RegionToGenerationTable;
    public byte RegionShift;
    public byte RegionUsesBitwiseBarrier;
}
