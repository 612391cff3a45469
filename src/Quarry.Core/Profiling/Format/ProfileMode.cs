namespace Quarry;

/// <summary>What a profile records.</summary>
internal enum ProfileMode : uint
{
    /// <summary>Nothing; the file waits for a command.</summary>
    Off = 0,

    /// <summary>A random sample of the allocations, see <see cref="ProfileHeader.SampleInterval"/>.</summary>
    Sampled = 1,

    /// <summary>Every allocation and every free.</summary>
    Exact = 2,
}
