using System.Runtime.InteropServices;

namespace Quarry.Profiles;

/// <summary>Has the offsets of the header's fields that others than the process write.</summary>
internal static class ProfileFields
{
    internal static long EndOffset { get; } = OffsetOf(nameof(ProfileHeader.End));

    internal static long CommandOffset { get; } = OffsetOf(nameof(ProfileHeader.Command));

    internal static long ArgumentOffset { get; } = OffsetOf(nameof(ProfileHeader.CommandArgument));

    internal static long LeaseOffset { get; } = OffsetOf(nameof(ProfileHeader.Lease));

    internal static long LeaseRenewalsOffset { get; } = OffsetOf(nameof(ProfileHeader.LeaseRenewals));

    internal static long LeaseEndModeOffset { get; } = OffsetOf(nameof(ProfileHeader.LeaseEndMode));

    internal static long LeaseEndIntervalOffset { get; } = OffsetOf(nameof(ProfileHeader.LeaseEndInterval));

    // All fields are blittable, so the marshalled layout is that in memory.
    private static long OffsetOf(string field) => Marshal.OffsetOf<ProfileHeader>(field);
}
