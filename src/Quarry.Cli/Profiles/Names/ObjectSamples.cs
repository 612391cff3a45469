using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Quarry.Cli.Profiles.Model;
using Quarry.Testing;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The objects that the runtime of a .NET process sampled when it allocated them.</summary>
/// <remarks>
/// .NET 10 and later: each byte is sampled with the same probability, so that an object of S bytes is sampled
/// with p = 1 - (1 - 1/interval)^S. It stands for 1/p objects and S/p bytes, whose variance is S²(1 - p)/p².
/// </remarks>
internal sealed class ObjectSamples
{
    /// <summary>The mean number of bytes between two samples: a constant of the runtime.</summary>
    internal const long Interval = 100 << 10;

    private readonly Dictionary<(string Type, string Stack), Figures> _sites = [];
    private long _heapBytes;

    /// <summary>Gets whether there are samples.</summary>
    internal bool IsEmpty => _sites.Count == 0;

    /// <summary>Counts the objects of a recording.</summary>
    internal void Listen(ClrTraceEventParser runtime)
    {
        runtime.AllocationSampling += Add;
        runtime.GCHeapStats += collected => _heapBytes = collected.TotalHeapSize;
    }

    /// <summary>Names the stacks.</summary>
    /// <param name="managed">The methods of the process.</param>
    /// <param name="otherwise">Names the addresses that are in none of them.</param>
    internal ManagedAllocations Resolve(ManagedCode managed, IFrameResolver otherwise)
    {
        Dictionary<ulong, Frame> frames = [];
        Frame Name(ulong next)
        {
            if (!frames.TryGetValue(next, out Frame? frame))
            {
                frame = managed.Find(next - 1) is { } method
                    ? managed.Name(method, next - 1)
                    : otherwise.Resolve(next - 1, TimeSpan.MaxValue)[0];
                frames.Add(next, frame);
            }

            return frame;
        }

        return new ManagedAllocations(
            Interval,
            _heapBytes,
            [
                .. _sites.Select(pair => new ManagedSite(
                    ReadableName.OfType(pair.Key.Type),
                    pair.Value.Bytes, pair.Value.Variance, pair.Value.Objects, pair.Value.Samples,
                    OnStackReplacement.Unmark(Addresses(pair.Key.Stack).Select(Name)))),
            ]);
    }

    private void Add(AllocationSampledTraceData sampled)
    {
        ref Figures figures = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _sites, (sampled.TypeName, Key(EventStack.Of(sampled))), out _);
        figures.Add(sampled.ObjectSize);
    }

    // A string compares and hashes its contents, and four of its characters are an address.
    private static string Key(ReadOnlySpan<ulong> addresses) =>
        new(MemoryMarshal.Cast<ulong, char>(addresses));

    private static ulong[] Addresses(string key) => MemoryMarshal.Cast<char, ulong>(key).ToArray();

    private struct Figures
    {
        internal double Bytes, Variance, Objects;
        internal long Samples;

        internal void Add(long size)
        {
            double probability = 1 - double.Exp(size * double.Log(1 - 1.0 / Interval));
            double bytes = size / probability;
            Bytes += bytes;
            Variance += bytes * bytes * (1 - probability);
            Objects += 1 / probability;
            Samples++;
        }
    }
}
