using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The managed allocations of one type by one call stack.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Bytes">The size of the objects, in bytes; an estimate.</param>
/// <param name="Variance">The variance of that estimate. Sites are independent, so variances add up.</param>
/// <param name="Objects">The number of objects; an estimate.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Frames">The frames, innermost first.</param>
internal sealed record ManagedSite(
    string Type, double Bytes, double Variance, double Objects, long Samples, IReadOnlyList<Frame> Frames)
{
    /// <summary>The standard error of the size.</summary>
    internal double Error => double.Sqrt(Variance);
}
