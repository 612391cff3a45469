namespace Quarry.Testing;

/// <summary>A block that a check holds: its bytes are the pattern of the seed.</summary>
internal unsafe struct Held
{
    public byte* Address;
    public Layout Layout;

    /// <summary>What may be used, of which everything is filled.</summary>
    public nuint Usable;

    public nuint Seed;
}
