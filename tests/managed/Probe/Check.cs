using System;
using System.Runtime.CompilerServices;

namespace Quarry.Gc.Probe;

/// <summary>What must hold in a case; the process fails where it does not.</summary>
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
