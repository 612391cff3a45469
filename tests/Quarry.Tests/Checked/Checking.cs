using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>What the tests of checked allocators share.</summary>
internal static unsafe class Checking
{
    /// <summary>Options with which nothing throws by itself, so that a test can look at what was found.</summary>
    internal static CheckedOptions Collecting => new() { Response = ViolationResponse.Collect };

    /// <summary>An allocator over the platform's, which needs no disposing.</summary>
    internal static Checked<SystemHeap> OverSystem() => new(default, Collecting);

    internal static Layout Bytes(nuint size, nuint alignment = 8)
    {
        Assert.True(Layout.TryCreate(size, alignment, out Layout layout));
        return layout;
    }

    /// <summary>The one violation that was found.</summary>
    internal static ViolationReport Single<TInner>(Checked<TInner> memory)
        where TInner : unmanaged, IAllocator => Assert.Single(memory.Violations);
}
