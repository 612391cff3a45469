using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Quarry.Testing;

/// <summary>The sites of a failed assertion, in lines.</summary>
internal static class FailureText
{
    private const int MaxSites = 8, MaxCallers = 5;
    private const string Indent = "\n                  ";

    /// <summary>A line for each source of native memory.</summary>
    internal static string Of(IEnumerable<NativeStatistics> uses) => string.Concat(uses.Select(use =>
        $"\n  {use.Name}: {use.Statistics.AllocatedBytes} bytes in {use.Statistics.Allocations} "
        + $"blocks taken, {use.PeakBytes} bytes at once, "
        + $"{use.LeftBytes} bytes in {use.Statistics.CurrentBlocks} blocks left"
        + (use.IsExact ? "" : " (in size classes)") + string.Concat(use.Sizes.Select(Line))
        + string.Concat(use.Sites.Take(MaxSites).Select(Line))
        + (use.Sites.Count > MaxSites ? $"\n  and {use.Sites.Count - MaxSites} more" : "")));

    private static string Line(SizeStatistics size) =>
        $"\n    up to {size.MaxSize} bytes: {size.Allocations} blocks taken, {size.CurrentBlocks} left";

    /// <summary>Two lines or more for each site that left blocks.</summary>
    internal static string Left(IReadOnlyList<NativeSite> sites) =>
        string.Concat(sites.Where(site => site.LeftBlocks > 0).Take(MaxSites).Select(Line));

    private static string Line(NativeSite site) =>
        $"\n  {site.AllocatedBytes,8} bytes  in {site.Allocations} blocks, {site.LeftBlocks} left"
        + $"{Indent}in {string.Join($"{Indent}< ", Shortened(Frames(site.Site)))}";

    /// <summary>The frames up to those that ran the action.</summary>
    private static string[] Frames(AllocationSite site) =>
    [
        .. site.Frames.Select(Text)
            .TakeWhile(frame => !frame.StartsWith("Quarry.Testing.", StringComparison.Ordinal)),
    ];

    private static string Text(AllocationFrame frame)
    {
        string method = frame.MethodName == null
            ? frame.Method
            : ReadableName.OfMethod($"{frame.TypeName}.{frame.MethodName}");
        return frame.File == null ? method : $"{method} ({Path.GetFileName(frame.File)}:{frame.Line})";
    }

    /// <summary>Two lines or more for each site; nothing if there was nothing to search for.</summary>
    internal static string Of(SiteSearch search)
    {
        var text = new StringBuilder();
        foreach (SampledSite site in search.Sites.Take(MaxSites))
        {
            _ = text.Append($"\n  {site.BytesPerRun,8} bytes  {site.TypeName}");
            _ = text.Append($"{Indent}in ").AppendJoin($"{Indent}< ", Shortened(site.Frames));
        }

        int more = search.Sites.Count - MaxSites;
        _ = text.Append(more > 0 ? $"\n  and {more} more" : "");
        return text.Append(search.Note.Length > 0 ? $"\n  ({search.Note})" : "").ToString();
    }

    /// <summary>
    /// The innermost frame, the nearest ones outside the framework, and what those called: who called whom in
    /// between is the framework's matter.
    /// </summary>
    private static IEnumerable<string> Shortened(IReadOnlyList<string> frames)
    {
        int shown = 0;
        for (int index = 0; index < frames.Count && shown < MaxCallers; index++)
        {
            bool inside = index > 0 && IsFramework(frames[index]);
            if (!inside || (index + 1 < frames.Count && !IsFramework(frames[index + 1])))
            {
                shown++;
                yield return frames[index];
            }
        }
    }

    private static bool IsFramework(string frame) => frame.StartsWith("System.", StringComparison.Ordinal);
}
