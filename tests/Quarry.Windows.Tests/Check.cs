using System;

namespace Quarry.Windows.Tests;

/// <summary>A property that must hold, and the code that checks it.</summary>
/// <param name="Name">The property.</param>
/// <param name="Run">Throws if it does not hold.</param>
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
