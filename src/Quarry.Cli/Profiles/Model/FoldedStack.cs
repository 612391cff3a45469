using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Stacks as people read them: with one frame for consecutive ones of the .NET runtime.</summary>
internal static class FoldedStack
{
    private static readonly Frame s_runtime =
        new("[.NET runtime]", "", "", 0, FrameKind.Runtime, false, 0);

    /// <summary>Gets the frames to show, innermost first.</summary>
    internal static IReadOnlyList<Frame> Of(IReadOnlyList<Frame> frames, bool showRuntime)
    {
        if (showRuntime || frames.All(frame => frame.Kind != FrameKind.Runtime))
        {
            return frames;
        }

        List<Frame> folded = [];
        foreach (Frame frame in frames)
        {
            if (frame.Kind != FrameKind.Runtime)
            {
                folded.Add(frame);
            }
            else if (folded.Count == 0 || folded[^1] != s_runtime)
            {
                folded.Add(s_runtime);
            }
        }

        return folded;
    }
}
