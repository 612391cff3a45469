using System;
using System.Collections.Generic;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>What a pprof profile states.</summary>
internal sealed record PprofContents
{
    /// <summary>The sample types of the bytes in use, and of all bytes that were allocated.</summary>
    internal const string InUse = "inuse_space", Allocated = "alloc_space";

    private static readonly PprofType[] s_go =
    [
        new("alloc_objects", "count", site => site.Blocks),
        new("alloc_space", "bytes", site => site.Bytes),
        new("inuse_objects", "count", site => site.LiveBlocks),
        new("inuse_space", "bytes", site => site.LiveBytes),
    ];

    private static readonly PprofType[] s_peak =
    [
        new("peak_objects", "count", site => site.AtPeakBlocks),
        new("peak_space", "bytes", site => site.AtPeakBytes),
    ];

    private PprofContents()
    {
    }

    internal required IReadOnlyList<PprofType> Types { get; init; }

    /// <summary>The sample type that readers show first.</summary>
    internal required string DefaultType { get; init; }

    internal required IReadOnlyList<SymbolizedSite> Sites { get; init; }

    internal required DateTimeOffset Time { get; init; }

    internal required TimeSpan Duration { get; init; }

    /// <summary>A whole profile, with the figures at the peak.</summary>
    internal static PprofContents OfRun(Profile profile) => new()
    {
        Types = [.. s_go, .. s_peak],
        DefaultType = InUse,
        Sites = profile.Sites,
        Time = profile.File.StartTime,
        Duration = profile.File.Duration,
    };

    /// <summary>A profile of this moment with the sample types of Go's heap profiles.</summary>
    internal static PprofContents OfMoment(
        IReadOnlyList<SymbolizedSite> sites, string defaultType, TimeSpan duration = default) => new()
        {
            Types = s_go,
            DefaultType = defaultType,
            Sites = sites,
            Time = DateTimeOffset.UtcNow,
            Duration = duration,
        };
}
