using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Quarry.Testing;

/// <summary>Reads the sampled allocations of an activity and groups them by where they happened.</summary>
internal static class SampledSites
{
    // The runtime samples each byte with this likelihood, so an object with that of its bytes together.
    private const double BytesPerSample = 100 * 1024;
    private const int MaxFrames = 24;

    /// <summary>The sites, the ones with most bytes first.</summary>
    /// <param name="file">A recording of the runtime's events.</param>
    /// <param name="activity">Whose allocations.</param>
    /// <param name="bytesPerRun">What all of them together take, which is known exactly.</param>
    /// <param name="samples">The number of objects that were sampled.</param>
    internal static IReadOnlyList<AllocationSite> Read(
        string file, Guid activity, long bytesPerRun, out int samples)
    {
        string converted = TraceLog.CreateFromEventPipeDataFile(
            file, null, new TraceLogOptions { ContinueOnError = true });
        try
        {
            using var log = new TraceLog(converted);
            (string Type, double Weight, string[] Frames)[] sampled =
            [
                .. from found in log.Events.ByEventType<AllocationSampledTraceData>()
                   where found.ActivityID == activity
                   select (ReadableName.OfType(found.TypeName), Weight(found), Frames(found.CallStack())),
            ];
            double total = sampled.Sum(found => found.Weight);
            samples = sampled.Length;
            return
            [
                .. from found in sampled
                   group found by (found.Type, string.Join('\n', found.Frames)) into site
                   let share = site.Sum(found => found.Weight) / total
                   orderby share descending
                   select new AllocationSite(
                       site.Key.Type, (long)Math.Round(share * bytesPerRun), site.First().Frames),
            ];
        }
        finally
        {
            File.Delete(converted);
        }
    }

    /// <summary>The bytes that a sampled object stands for: its size, over the likelihood to see it.</summary>
    private static double Weight(AllocationSampledTraceData found) =>
        found.ObjectSize / -double.ExpM1(-found.ObjectSize / BytesPerSample);

    private static string[] Frames(TraceCallStack? stack)
    {
        var frames = new List<string>();
        for (; stack != null && frames.Count < MaxFrames; stack = stack.Caller)
        {
            string name = ReadableName.OfMethod(stack.CodeAddress.FullMethodName);
            if (name.StartsWith("Quarry.Testing.", StringComparison.Ordinal))
            {
                break;
            }

            frames.Add(name.Length > 0 ? name : stack.CodeAddress.ModuleName);
        }

        // How a thread of the pool came to run the code is not what is asked.
        int end = frames.FindLastIndex(name => !name.StartsWith("System.Threading.", StringComparison.Ordinal));
        return [.. frames.Take(end + 1)];
    }
}
