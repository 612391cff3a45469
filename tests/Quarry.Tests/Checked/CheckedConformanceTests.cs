using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>A checked allocator is an allocator, whatever the one inside is.</summary>
public sealed class CheckedConformanceTests
{
    private static CheckedOptions Options => new()
    {
        StackFrames = 0,
        FindLeaks = false,
        QuarantineBlocks = 10,
    };

    [Fact]
    public void Over_the_platforms_allocator_it_conforms() => AllocatorConformance.Verify(
        () => new Checked<SystemHeap>(default, Options), memory => memory.Dispose());

    [Fact]
    public void Over_a_heap_it_conforms() => AllocatorConformance.Verify(
        () => new Checked<Heap>(new Heap(), Options),
        memory =>
        {
            memory.Dispose();
            memory.Inner.Dispose();
        });

    [Fact]
    public void Over_a_bump_allocator_it_conforms() => AllocatorConformance.Verify(
        () => new Checked<Bump<Shared>>(new Bump<Shared>(), Options),
        memory =>
        {
            memory.Dispose();
            memory.Inner.Dispose();
        },
        new ConformanceOptions { Capacity = Bump<Shared>.DefaultSize / 4, BlockOverhead = 8192 });

    [Fact]
    public void On_guarded_pages_it_conforms() => AllocatorConformance.Verify(
        () => new Checked<SystemHeap>(default, Options with { GuardPages = true }),
        memory => memory.Dispose());

    [Fact]
    public void Over_itself_it_conforms() => AllocatorConformance.Verify(
        () => new Checked<Checked<SystemHeap>>(new Checked<SystemHeap>(default, Options), Options),
        memory =>
        {
            memory.Dispose();
            memory.Inner.Dispose();
        });
}
