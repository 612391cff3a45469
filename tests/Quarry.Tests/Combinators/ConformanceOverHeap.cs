using Quarry.Testing;

namespace Quarry.Tests.Combinators;

public sealed class ConformanceOverHeap : ConformanceOver<Heap>
{
    protected override ConformanceOptions Options => new();

    protected override Heap Create() => new();

    protected override void Destroy(Heap inner) => inner.Dispose();
}
