namespace Quarry;

/// <summary>A record of sites.</summary>
internal static class ProfileSites
{
    /// <summary>The number of entries in a record; unused ones are zero.</summary>
    internal const int PerRecord = 64;
}
