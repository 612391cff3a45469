namespace Quarry;

/// <summary>
/// The mixing function of SplitMix64 (Steele, Lea, Flood, 2014): numbers that differ in one bit become
/// independent ones.
/// </summary>
internal static class SplitMix64
{
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
