namespace Quarry.Gc;

/// <summary>What the runtime and the collector tell each other first.</summary>
internal unsafe struct VersionInfo
{
    public uint Major;
    public uint Minor;
    public uint Build;
    public byte* Name;
}
