using Xunit;

namespace Quarry.Tests.Combinators;

public sealed class SizeStepsTests
{
    [Fact]
    public void Multiples_are_the_next_ones() => Verify<Multiples<Bytes.Of64>>(size => 63);

    [Fact]
    public void Powers_of_two_are_the_next_ones() => Verify<PowersOfTwo>(size => size == 0 ? 1 : size - 1);

    [Fact]
    public void Four_per_doubling_lose_a_quarter_of_the_size_at_most() =>
        Verify<FourPerDoubling>(size => size <= 4 ? 4 - size : size / 4);

    /// <summary>Each size is in the first step that holds it, and loses no more than is said.</summary>
    private static void Verify<TSteps>(System.Func<nuint, nuint> mostLost) where TSteps : struct, ISizeSteps
    {
        for (nuint size = 0; size <= 20_000; size++)
        {
            VerifyOne<TSteps>(size, mostLost(size));
        }

        for (int power = 15; power < 63; power++)
        {
            nuint middle = (nuint)1 << power;
            VerifyOne<TSteps>(middle - 1, mostLost(middle - 1));
            VerifyOne<TSteps>(middle, mostLost(middle));
            VerifyOne<TSteps>(middle + 1, mostLost(middle + 1));
            VerifyOne<TSteps>(middle + (middle / 2), mostLost(middle + (middle / 2)));
        }

        Assert.True(TSteps.SizeOf(TSteps.IndexOf(Layout.MaxSize)) >= Layout.MaxSize);
    }

    private static void VerifyOne<TSteps>(nuint size, nuint mostLost) where TSteps : struct, ISizeSteps
    {
        nuint index = TSteps.IndexOf(size);
        nuint step = TSteps.SizeOf(index);
        Assert.True(step >= size && step - size <= mostLost, $"{size} is rounded to {step}");
        Assert.True(index == 0 || TSteps.SizeOf(index - 1) < size, $"{size} fits a step below {step}");
    }
}
