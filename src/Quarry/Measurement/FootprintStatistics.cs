namespace Quarry;

/// <summary>What a data structure takes. Sizes are in bytes.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Elements">How many elements it has.</param>
public sealed record FootprintStatistics(string Name, long Elements)
{
    /// <summary>Managed bytes in the objects of it.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>Native bytes in its blocks.</summary>
    public long NativeBytes { get; init; }

    /// <summary>Managed bytes that building it allocates, the garbage included.</summary>
    public long ManagedBuildBytes { get; init; }

    /// <summary>Native bytes that building it takes, those given back included.</summary>
    public long NativeBuildBytes { get; init; }

    /// <summary>Both kinds of memory together.</summary>
    public long TotalBytes => ManagedBytes + NativeBytes;

    /// <summary>Bytes for each element.</summary>
    public double BytesPerElement => (double)TotalBytes / Elements;
}
