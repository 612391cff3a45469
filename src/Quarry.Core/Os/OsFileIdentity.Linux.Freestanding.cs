namespace Quarry;

/// <summary>Identifies a file on this system.</summary>
internal struct OsFileIdentity
{
    internal ulong Device;

    internal ulong File;
}
