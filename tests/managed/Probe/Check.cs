using System;
using System.Runtime.CompilerServices;

namespace Quarry.Gc.Probe;

/// <summary>Assertions of the cases; the process fails with an exception.</summary>
internal static class Check
{
    internal static void That(
        bool holds, [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"does not hold: {what}");
        }
    }

    internal static void Throws<TException>(Action action) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException)
        {
            return;
        }

        throw new InvalidOperationException($"no {typeof(TException).Name}");
    }
}
