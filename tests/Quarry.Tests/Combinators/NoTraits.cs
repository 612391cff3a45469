using Quarry.Tests.Testing;

namespace Quarry.Tests.Combinators;

/// <summary>Nothing but to allocate.</summary>
internal readonly struct NoTraits : ITraits
{
    public static AllocatorTraits Traits => AllocatorTraits.None;
}
