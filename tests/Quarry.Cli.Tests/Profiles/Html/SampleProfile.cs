using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>Builds profiles whose frames are given as text.</summary>
internal sealed class SampleProfile : IFrameResolver
{
    private readonly ProfileBuilder _builder = new();
    private readonly Dictionary<string, ulong> _addresses = [];
    private readonly List<Frame> _frames = [];

    internal SampleProfile(ulong sampleInterval = 0)
    {
        _builder.Header.Mode = sampleInterval > 0 ? ProfileMode.Sampled : ProfileMode.Exact;
        _builder.Header.SampleInterval = sampleInterval;
        _builder.Program("/usr/bin/shop-server", "shop-server", "--urls", "http://+:8080");
    }

    internal ProfileBuilder Builder => _builder;

    /// <summary>Parses "function @ module path:line"; what follows the function may be missing.</summary>
    internal static Frame Frame(string text, ulong address = 0)
    {
        string[] parts = text.Split(" @ ");
        string[] place = parts.Length > 1 ? parts[1].Split(' ') : [""];
        string[] source = place.Length > 1 ? place[1].Split(':') : ["", "0"];
        FrameKind kind = place[0].EndsWith(".dll", StringComparison.Ordinal)
            ? FrameKind.Managed
            : RuntimeModules.KindOf(place[0]);
        return new Frame(parts[0], place[0], source[0], int.Parse(source[1]), kind, false, address);
    }

    /// <summary>Adds a site.</summary>
    /// <param name="site">The figures.</param>
    /// <param name="stack">The frames, outermost first.</param>
    internal SampleProfile Site(ProfileSite site, params IEnumerable<string> stack)
    {
        _builder.Site(site, [.. stack.Reverse().Select(ReturnAddress)]);
        return this;
    }

    internal SampleProfile Event(ulong weight, params IEnumerable<string> stack)
    {
        ProfileSite site = new() { Bytes = weight, Blocks = ProfileBuilder.Fixed(1) };
        _builder.Site(site, [.. stack.Reverse().Select(ReturnAddress)], ProfileStackFlags.AdHoc);
        return this;
    }

    internal Profile Build(string path = "shop.qprof") =>
        new(path, ProfileFile.Parse(_builder.Build()), this);

    public IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time) => [_frames[(int)(address / 16)]];

    /// <summary>Figures of a sampled site of blocks of one size.</summary>
    internal static ProfileSite Figures(double total, double live, double size, double interval = 512 << 10)
    {
        double Error(double bytes) => interval * bytes;
        return new ProfileSite
        {
            Bytes = (ulong)total,
            Blocks = ProfileBuilder.Fixed(total / size),
            UsableBytes = (ulong)(total * 1.06),
            LiveBytes = (ulong)live,
            LiveBlocks = ProfileBuilder.Fixed(live / size),
            LiveUsableBytes = (ulong)(live * 1.06),
            MaxBytes = (ulong)(live * 1.1),
            AtPeakBytes = (ulong)(live * 1.05),
            PeakEpoch = 7,
            Lifetimes = (ulong)(((total - live) / size) * 35e6),
            TemporaryBlocks = interval > 0 ? 0 : ProfileBuilder.Fixed((total - live) / size / 2),
            Samples = (ulong)(total / Math.Max(interval, size)),
            BytesVariance = Error(total),
            LiveBytesVariance = Error(live),
            MinSize = (ulong)(size * 0.9),
            MaxSize = (ulong)size,
            FirstTime = 80_000_000,
            LastTime = 41_000_000_000,
        };
    }

    /// <summary>A profile with many sites, whose stacks share their outer frames.</summary>
    internal static SampleProfile Large(int sites)
    {
        Random random = new(1);
        SampleProfile profile = new(sampleInterval: 512 << 10);
        for (int i = 0; i < sites; i++)
        {
            int depth = 8 + random.Next(24);
            double total = 1e9 * Math.Pow(random.NextDouble(), 12) + 4096;
            int site = i;
            profile.Site(
                Figures(total, total * random.NextDouble(), 256),
                ["main @ /usr/bin/shop-server", .. Enumerable.Range(0, depth).Select(n => Level(site, n))]);
        }

        return profile;

        // The choice of a function depends on fewer digits of the site at outer levels.
        static string Level(int site, int level)
        {
            int choice = site / Math.Max(1, 20_000 >> level);
            return $"step_{level}_{choice} @ /lib/libstore{choice % 5}.so /src/step{level}.c:{choice + 1}";
        }
    }

    private ulong ReturnAddress(string text)
    {
        if (!_addresses.TryGetValue(text, out ulong address))
        {
            address = (ulong)_frames.Count * 16;
            _addresses.Add(text, address);
            _frames.Add(Frame(text, address));
        }

        return address + 1;
    }
}
