using Quarry.Testing;

namespace Quarry.Tests.Combinators;

internal static class ConformanceOptionsExtensions
{
    internal static bool IsUnlimited(this ConformanceOptions options) =>
        options.Capacity == unchecked((nuint)ConformanceOptions.Unlimited);
}
