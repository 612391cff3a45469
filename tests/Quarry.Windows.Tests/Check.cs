using System;

namespace Quarry.Windows.Tests;

/// <summary>One thing that has to be so, and how to find out.</summary>
/// <param name="Name">What has to be so.</param>
/// <param name="Run">Throws if it is not.</param>
internal sealed record Check(string Name, Action Run)
{
    internal static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }
}
