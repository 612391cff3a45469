namespace Quarry.Gc;

/// <summary>
/// The version of the interface: the runtime's on entry, the heap's on return (<c>VersionInfo</c>).
/// </summary>
internal unsafe struct VersionInfo
{
    public uint Major;
    public uint Minor;
    public uint Build;
    public byte* Name;
}
