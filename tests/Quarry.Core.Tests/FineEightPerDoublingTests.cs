using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The geometry of images with a quantum of 8 bytes.</summary>
public class FineEightPerDoublingTests : SmallSizesTests<FineGeometry>
{
    [Theory]
    [InlineData(0, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 24)]
    [InlineData(24, 24)]
    [InlineData(33, 40)]
    [InlineData(56, 56)]
    [InlineData(121, 128)]
    [InlineData(129, 144)]
    public void Small_sizes_are_rounded_up_to_multiples_of_8(int size, int expected) =>
        Assert.Equal((nuint)expected, FineEightPerDoubling.SizeOf(FineEightPerDoubling.IndexOf((nuint)size)));

    [Fact]
    public void The_quantum_is_8_bytes()
    {
        Assert.Equal((nuint)8, SmallSizes<FineGeometry>.Quantum);
        Assert.Equal((nuint)16, SmallSizes<EightPerDoubling>.Quantum);
    }
}
