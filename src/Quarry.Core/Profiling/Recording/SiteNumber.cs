namespace Quarry;

/// <summary>Converts between sites and their numbers: offsets in the file in units of 16 bytes.</summary>
/// <remarks>32 bits are enough for a file of 64 GiB. No site has the number 0.</remarks>
internal static unsafe class SiteNumber
{
    private const int Log2Unit = 4;

    internal static uint Of(byte* file, ProfileSite* site) => (uint)((ulong)((byte*)site - file) >> Log2Unit);

    internal static ProfileSite* ToSite(byte* file, uint number) =>
        (ProfileSite*)(file + ((nuint)number << Log2Unit));
}
