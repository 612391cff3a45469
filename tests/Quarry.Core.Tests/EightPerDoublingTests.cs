using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The geometry of the general-purpose heap.</summary>
public class EightPerDoublingTests : SmallSizesTests<EightPerDoubling>
{
    [Fact]
    public void Waste_is_at_most_15_bytes_up_to_128_and_an_eighth_beyond()
    {
        for (nuint size = 1; size <= SmallSizes<EightPerDoubling>.MaxSize; size++)
        {
            nuint waste = EightPerDoubling.SizeOf(EightPerDoubling.IndexOf(size)) - size;
            Assert.True(size <= 128 ? waste <= 15 : waste * 8 <= size, $"size {size}, waste {waste}");
        }
    }
}
