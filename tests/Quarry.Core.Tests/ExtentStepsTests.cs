using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The steps of unused ranges, and of large blocks.</summary>
public sealed class ExtentStepsTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 16)]
    [InlineData(4, 20)]
    [InlineData(7, 32)]
    [InlineData(8, 40)]
    [InlineData(11, 64)]
    [InlineData(12, 80)]
    [InlineData(27, 1024)]
    public void Sizes_are_those_of_jemalloc(int index, int kib) =>
        Assert.Equal((nuint)kib * 1024, ExtentSteps.SizeOf(index));

    [Fact]
    public void A_range_is_in_the_last_step_that_is_not_larger()
    {
        Assert.Equal((nuint)7 << 60, ExtentSteps.SizeOf(ExtentSteps.Count - 1));
        for (int index = 0; index < ExtentSteps.Count; index++)
        {
            nuint size = ExtentSteps.SizeOf(index);
            Assert.Equal(index, ExtentSteps.IndexOf(size));
            if (index > 0)
            {
                Assert.True(ExtentSteps.SizeOf(index - 1) < size);
                Assert.Equal(index - 1, ExtentSteps.IndexOf(size - 4096));
            }
        }
    }

    [Fact]
    public void A_large_block_is_in_the_first_step_that_is_not_smaller()
    {
        int bins = SmallSizes<EightPerDoubling>.Count;
        for (int step = 0; step < LargeSteps.Count; step++)
        {
            nuint size = EightPerDoubling.SizeOf((nuint)(bins + step));
            Assert.Equal(step, LargeSteps.IndexOf(size));
            Assert.Equal(step, LargeSteps.IndexOf(size - 1));
            Assert.Equal(step < LargeSteps.Count - 1 ? step + 1 : step, LargeSteps.IndexOf(size + 1));
        }

        Assert.Equal(0, LargeSteps.IndexOf(4096));
        Assert.Equal(LargeSteps.Count - 1, LargeSteps.IndexOf((nuint)1 << 60));
    }
}
