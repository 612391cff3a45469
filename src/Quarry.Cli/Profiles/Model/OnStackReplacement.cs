using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Methods of .NET that continue in an optimized version while they run.</summary>
/// <remarks>
/// The optimized version keeps the frame of the version that it replaces, so a native walk finds the method
/// twice, while the runtime's own walk finds it once.
/// </remarks>
internal static class OnStackReplacement
{
    /// <summary>Merges the two frames of a replaced version, in a stack that was walked natively.</summary>
    /// <param name="frames">The frames, innermost first.</param>
    internal static Frame[] Merge(IEnumerable<Frame> frames)
    {
        List<Frame> merged = [];
        Frame? previous = null;
        foreach (Frame frame in frames)
        {
            if (previous is not { Kind: FrameKind.Replacement } || frame.Identity != previous.Identity)
            {
                merged.Add(Unmark(frame));
            }

            previous = frame;
        }

        return [.. merged];
    }

    /// <summary>Makes replacements frames like others, in a stack that the runtime walked.</summary>
    internal static Frame[] Unmark(IEnumerable<Frame> frames) => [.. frames.Select(Unmark)];

    private static Frame Unmark(Frame frame) =>
        frame.Kind == FrameKind.Replacement ? frame with { Kind = FrameKind.Managed } : frame;
}
