using System;

namespace Quarry.Tools.Benchmarking;

/// <summary>The figures of one run; the peak is that of the largest process, in bytes.</summary>
internal sealed record Measurement(TimeSpan Wall, TimeSpan Cpu, long Peak);
