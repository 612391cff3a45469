using Quarry.Testing;

namespace Quarry.Tests.Combinators;

public sealed class ConformanceOverArena : ConformanceOver<Arena>
{
    private static nuint Limit => 256.MiB();

    // Chunks double, so that half of the limit may lie in one that did not fit.
    protected override ConformanceOptions Options => new() { Capacity = Limit / 2 };

    protected override Arena Create() => new(Limit);

    protected override void Destroy(Arena inner) => inner.Dispose();
}
