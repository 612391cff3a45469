using System;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Identifies a site in two readings of one file, which have different objects for it.</summary>
internal static class SiteKey
{
    internal static ulong Of(RecordedSite site)
    {
        HashCode hash = default;
        foreach (ulong address in site.Stack.ReturnAddresses)
        {
            hash.Add(address);
        }

        return ((ulong)site.Stack.Time.Ticks << 32) ^ (uint)hash.ToHashCode();
    }
}
