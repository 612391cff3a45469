using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The numbers of buckets.</summary>
public sealed class HashPrimesTests
{
    [Fact]
    public void Each_is_the_next_prime_after_a_fifth_more()
    {
        uint[] primes = HashPrimes.All.ToArray();
        for (int index = 1; index < primes.Length - 2; index++)
        {
            Assert.Equal(NextPrime(((primes[index] * 6L) + 4) / 5), primes[index + 1]);
        }

        Assert.Equal([3u, 7u], primes[..2]);
        Assert.Equal(HashPrimes.Max, primes[^1]);
        Assert.Equal(HashPrimes.Max, NextPrime(HashPrimes.Max));
    }

    [Fact]
    public void The_smallest_that_is_enough_is_found()
    {
        uint[] primes = HashPrimes.All.ToArray();
        foreach (uint number in primes.SelectMany(prime => new[] { prime - 1, prime, prime + 1 }))
        {
            if (number <= HashPrimes.Max)
            {
                Assert.Equal(primes.First(prime => prime >= number), HashPrimes.AtLeast(number));
            }
        }

        Assert.Equal(3u, HashPrimes.AtLeast(0));
    }

    private static long NextPrime(long number)
    {
        while (!IsPrime(number))
        {
            number++;
        }

        return number;
    }

    private static bool IsPrime(long number)
    {
        for (long divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
