using System;
using System.Collections.Generic;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Frames that were named in advance, for a profile to which no names were added.</summary>
internal sealed class ResolvedFrames : IFrameResolver
{
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames;
    private readonly IFrameResolver _otherwise;

    private ResolvedFrames(Dictionary<ulong, IReadOnlyList<Frame>> frames, IFrameResolver otherwise)
    {
        _frames = frames;
        _otherwise = otherwise;
    }

    /// <summary>Names all native addresses of a profile by the files of this machine.</summary>
    internal static ResolvedFrames Of(ProfileFile file) => new(
        new NameResolver(file, ManagedCode.None).Resolve(file.Sites, _ => { }), new ModuleFrames(file));

    public IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time) =>
        _frames.TryGetValue(address, out IReadOnlyList<Frame>? frames)
            ? frames
            : _otherwise.Resolve(address, time);
}
