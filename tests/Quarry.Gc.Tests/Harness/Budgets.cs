namespace Quarry.Gc.Tests.Harness;

/// <summary>Young budgets so small that a collection happens all the time; hexadecimal.</summary>
internal static class Budgets
{
    /// <summary>64 KiB.</summary>
    internal const string Tiny = "10000";

    /// <summary>256 KiB.</summary>
    internal const string Small = "40000";

    /// <summary>1 MiB.</summary>
    internal const string Moderate = "100000";
}
