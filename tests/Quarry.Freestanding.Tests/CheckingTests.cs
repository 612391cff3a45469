using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>A checked allocator finds the same without a runtime; frame pointers lead to stacks.</summary>
public sealed unsafe class CheckingTests(Images images)
{
    // The numbers of ViolationKind.
    private const int None = 0, LayoutMismatch = 1, DoubleFree = 2, ForeignPointer = 3, InteriorPointer = 4;
    private const int Overrun = 6;

    [Theory]
    [InlineData(0, LayoutMismatch)]
    [InlineData(1, DoubleFree)]
    [InlineData(2, ForeignPointer)]
    [InlineData(3, InteriorPointer)]
    [InlineData(4, Overrun)]
    [InlineData(5, None)]
    public void Finds_mistakes(int mistake, int kind)
    {
        var find = (delegate* unmanaged<nuint, nuint, nuint>)images.CheckingFunction("find_mistake");
        Assert.Equal((nuint)kind, find((nuint)mistake, 0));
        Assert.Equal((nuint)kind, find((nuint)mistake, 1));
    }

    [Fact]
    public void Stacks_reach_beyond_the_image_and_end_where_asked()
    {
        var depth = (delegate* unmanaged<int, int>)images.CheckingFunction("depth_of_stack");
        Assert.Equal(3, depth(3));
        Assert.InRange(depth(64), 8, 64);
    }

    [Fact]
    public void A_stack_is_kept_once()
    {
        var once = (delegate* unmanaged<int>)images.CheckingFunction("keeps_stacks_once");
        Assert.Equal(1, once());
    }

    [Fact]
    public void A_walk_ends_before_a_guard_page()
    {
        var walk = (delegate* unmanaged<int>)images.CheckingFunction("walk_into_guard_page");
        Assert.Equal(2, walk());
        var walkHalf = (delegate* unmanaged<int>)images.CheckingFunction("walk_into_half_a_frame");
        Assert.Equal(1, walkHalf());
    }
}
