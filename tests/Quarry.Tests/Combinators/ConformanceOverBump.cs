using Quarry.Testing;

namespace Quarry.Tests.Combinators;

public sealed class ConformanceOverBump : ConformanceOver<Bump<Shared>>
{
    private static nuint Size => 256.MiB();

    protected override ConformanceOptions Options => new() { Capacity = Size };

    protected override Bump<Shared> Create() => new(Size);

    protected override void Destroy(Bump<Shared> inner) => inner.Dispose();
}
