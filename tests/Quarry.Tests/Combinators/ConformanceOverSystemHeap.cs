using Quarry.Testing;

namespace Quarry.Tests.Combinators;

public sealed class ConformanceOverSystemHeap : ConformanceOver<SystemHeap>
{
    protected override ConformanceOptions Options => new();

    protected override SystemHeap Create() => default;

    protected override void Destroy(SystemHeap inner)
    {
        // It is the platform's, and stays.
    }
}
