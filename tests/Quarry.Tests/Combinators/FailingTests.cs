using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class FailingTests
{
    private static readonly Layout s_block = Layout.Create(10, 1);

    [Fact]
    public void Exactly_the_named_request_fails()
    {
        using Bump<Local> bump = new(1.MiB());
        using Failing<Bump<Local>> failing = new(bump);
        nuint never = Failing<Bump<Local>>.Never;
        failing.FailAt(2, never, never);
        for (int index = 0; index < 6; index++)
        {
            void* block = index % 2 == 0 ? failing.Allocate(s_block) : failing.AllocateZeroed(s_block);
            Assert.Equal(index == 2, block == null);
        }

        Assert.Equal<(nuint, nuint)>((6, 1), (failing.Allocations, failing.Failures));
    }

    [Fact]
    public void Each_kind_of_request_has_its_own_count()
    {
        using Bump<Local> bump = new(1.MiB());
        using Failing<Bump<Local>> failing = new(bump);
        failing.FailAt(Failing<Bump<Local>>.Never, 1, 0);
        byte* block = (byte*)failing.Allocate(s_block);
        *block = 77;
        block = (byte*)failing.Reallocate(block, s_block, 20);
        Assert.True(failing.Reallocate(block, Layout.Create(20, 1), 30) == null);
        Assert.Equal(77, *block);
        Assert.False(failing.TryResize(block, Layout.Create(20, 1), 30));
        Assert.True(failing.TryResize(block, Layout.Create(20, 1), 30));
        failing.Deallocate(block, Layout.Create(30, 1));
        Assert.Equal<(nuint, nuint, nuint)>(
            (1, 2, 2), (failing.Allocations, failing.Reallocations, failing.Resizes));
        Assert.Equal((nuint)2, failing.Failures);
        Assert.Equal((nuint)0, bump.UsedBytes);
    }

    [Fact]
    public void Counting_starts_anew()
    {
        using Failing<SystemHeap> failing = new(default);
        failing.FailAt(0, 0, 0);
        Assert.True(failing.Allocate(s_block) == null);
        failing.FailAt(0, 0, 0);
        Assert.Equal((nuint)0, failing.Allocations);
        Assert.True(failing.Allocate(s_block) == null);
        void* block = failing.Allocate(s_block);
        Assert.True(block != null);
        failing.Deallocate(block, s_block);
    }

    [Fact]
    public void A_disposed_one_fails_everything()
    {
        Failing<SystemHeap> failing = new(default);
        failing.Dispose();
        failing.Dispose();
        Assert.True(failing.Allocate(s_block) == null);
        Assert.True(failing.Reallocate(null, s_block, 20) == null);
    }
}
