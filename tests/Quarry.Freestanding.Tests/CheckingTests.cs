using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>A checked allocator works without a runtime, and captures stacks by frame pointers.</summary>
public sealed unsafe class CheckingTests(Images images)
{
    // The values of ViolationKind.
    private const int None = 0, LayoutMismatch = 1, DoubleFree = 2, ForeignPointer = 3, InteriorPointer = 4;
    private const int Overrun = 6;

    [Theory]
    [InlineData(0, LayoutMismatch)]
    [InlineData(1, DoubleFree)]
    [InlineData(2, ForeignPointer)]
    [InlineData(3, InteriorPointer)]
    [InlineData(4, Overrun)]
    [InlineData(5, None)]
    public void Detects_misuse(int misuse, int kind)
    {
        var detect = (delegate* unmanaged<nuint, nuint, nuint>)images.CheckingFunction("detect_misuse");
        Assert.Equal((nuint)kind, detect((nuint)misuse, 0));
        Assert.Equal((nuint)kind, detect((nuint)misuse, 1));
    }

    [Fact]
    public void Stacks_reach_beyond_the_image_up_to_a_limit()
    {
        var depth = (delegate* unmanaged<int, int>)images.CheckingFunction("depth_of_stack");
        Assert.Equal(3, depth(3));
        Assert.InRange(depth(64), 8, 64);
    }

    [Fact]
    public void Equal_stacks_are_stored_once()
    {
        var once = (delegate* unmanaged<int>)images.CheckingFunction("stores_stacks_once");
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
