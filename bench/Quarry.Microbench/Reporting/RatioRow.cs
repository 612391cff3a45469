using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Benchmarking;

namespace Quarry.Microbench.Reporting;

/// <summary>One thing done in several ways: the times of each, a round at a time.</summary>
internal sealed class RatioRow(Type type, string label)
{
    private readonly Dictionary<string, List<double>> _nanoseconds = [];

    internal Type Type => type;

    internal string Label => label;

    /// <summary>The way that the others are compared with.</summary>
    internal string? Baseline { get; private set; }

    /// <summary>All ways, the baseline first.</summary>
    internal IEnumerable<string> Ways => _nanoseconds.Keys.OrderByDescending(way => way == Baseline);

    internal void Add(string way, bool isBaseline, double nanoseconds)
    {
        if (isBaseline)
        {
            Baseline = way;
        }

        if (!_nanoseconds.TryGetValue(way, out List<double>? rounds))
        {
            _nanoseconds[way] = rounds = [];
        }

        rounds.Add(nanoseconds);
    }

    internal double Nanoseconds(string way) => Sample.MedianOf(_nanoseconds[way]);

    /// <summary>The median of the ratios of each round to the baseline of that round.</summary>
    internal double Ratio(string way) =>
        Sample.MedianOf(_nanoseconds[way].Zip(_nanoseconds[Baseline!], (own, baseline) => own / baseline));
}
