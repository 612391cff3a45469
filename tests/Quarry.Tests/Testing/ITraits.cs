namespace Quarry.Tests.Testing;

/// <summary>Traits as a type, so that one allocator can be made with several.</summary>
internal interface ITraits
{
    static abstract AllocatorTraits Traits { get; }
}
