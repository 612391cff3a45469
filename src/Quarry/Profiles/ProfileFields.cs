using System.Runtime.InteropServices;

namespace Quarry.Profiles;

/// <summary>Has the offsets of the header's fields that others than the process write.</summary>
internal static class ProfileFields
{
    internal static long EndOffset { get; } = OffsetOf(nameof(ProfileHeader.End));

    internal static long CommandOffset { get; } = OffsetOf(nameof(ProfileHeader.Command));

    internal static long ArgumentOffset { get; } = OffsetOf(nameof(ProfileHeader.CommandArgument));

    // All fields are blittable, so the marshalled layout is that in memory.
    private static long OffsetOf(string field) => Marshal.OffsetOf<ProfileHeader>(field);
}
