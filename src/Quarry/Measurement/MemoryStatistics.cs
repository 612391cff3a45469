using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Quarry;

/// <summary>What a section of code took. Sizes are in bytes.</summary>
public readonly struct MemoryStatistics
{
    private const int MaxSites = 8;

    private readonly IReadOnlyList<NativeStatistics>? _native;

    /// <summary>Whether <see cref="ManagedBytes"/> is that of a thread; of the process otherwise.</summary>
    public bool IsOfThread { get; init; }

    /// <summary>Managed bytes allocated, exactly; freed ones count as well.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>
    /// The largest size of the managed heap, garbage included, that the runtime can tell: of the process, at
    /// the beginnings of collections and at both ends of the section.
    /// </summary>
    public long ManagedHeapPeakBytes { get; init; }

    /// <summary>Collections of the managed heap.</summary>
    public int Collections { get; init; }

    /// <summary>By how much more of the process is in physical memory at the end; negative if less.</summary>
    public long WorkingSetGrowthBytes { get; init; }

    /// <summary>What was taken from each source.</summary>
    public IReadOnlyList<NativeStatistics> Native
    {
        get => _native ?? [];
        init => _native = value;
    }

    /// <summary>The figures in lines, each with what it counts.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(long bytes, string what) => text.AppendLine(
            CultureInfo.InvariantCulture, $"{bytes,16:N0}  {what}");

        string threads = IsOfThread ? "this thread" : "all threads";
        Line(ManagedBytes, $"managed bytes allocated by {threads}, exact");
        Line(ManagedHeapPeakBytes, $"managed heap at most, process, {Collections} collections");
        foreach (NativeStatistics use in Native)
        {
            string exact = use.IsExact ? "exact" : "in size classes";
            Line(
                use.Statistics.AllocatedBytes,
                $"{use.Name}: bytes in {use.Statistics.Allocations} blocks, {exact}");
            Line(use.PeakBytes, $"{use.Name}: at most at once");
            Line(use.LeftBytes, $"{use.Name}: still in use");
            foreach (NativeSite site in use.Sites.Take(MaxSites))
            {
                Line(site.AllocatedBytes, $"{use.Name}: {Describe(site)}");
            }
        }

        Line(WorkingSetGrowthBytes, "growth of the working set, process");
        return text.ToString().TrimEnd();
    }

    private static string Describe(NativeSite site)
    {
        string left = site.LeftBlocks == 0 ? "" : $", {site.LeftBytes} bytes in {site.LeftBlocks} left,";
        string frame = site.Site.Frames.Count == 0 ? "" : $" {site.Site.Frames[0]}";
        return $"in {site.Allocations} blocks{left}{frame}";
    }
}
