namespace Quarry.Tests.Testing;

/// <summary>No more than giving back.</summary>
internal readonly struct FewTraits : ITraits
{
    public static AllocatorTraits Traits => AllocatorTraits.Deallocates;
}
