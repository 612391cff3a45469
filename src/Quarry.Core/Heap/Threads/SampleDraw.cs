using System.Numerics;

namespace Quarry;

/// <summary>Draws which blocks are sampled.</summary>
/// <remarks>
/// The distance between two chosen bytes is exponential with the mean of the interval. The generator is
/// SplitMix64 (Steele, Lea, Flood, 2014): a counter that is mixed, so that one atomic addition serves all
/// threads. They draw once for each sampled small block, and once for each large block.
/// </remarks>
internal static unsafe class SampleDraw
{
    // Larger than any heap. Distances, at most 37 times this number, stay below 2^63.
    internal const ulong MaxInterval = 1ul << 56;

    private const ulong Increment = 0x9E37_79B9_7F4A_7C15;
    private const double NaturalLogOf2 = 0.693_147_180_559_945_3;
    private const double SquareRootOf2 = 1.414_213_562_373_095_1;

    /// <summary>
    /// Draws the number of blocks that pass before the next sampled one: each block of the size is sampled
    /// with the probability <c>1 - exp(-size / interval)</c>.
    /// </summary>
    internal static nuint BlocksBefore(HeapState* heap, nuint interval, nuint size) =>
        (nuint)(long)(Distance(heap, interval) / (long)size);

    /// <summary>Draws whether one of the given number of bytes is chosen.</summary>
    internal static bool Chooses(HeapState* heap, nuint interval, nuint bytes) =>
        Distance(heap, interval) < (long)bytes;

    /// <summary>Initializes the generator, unless that was done before.</summary>
    internal static void Seed(HeapState* heap)
    {
        // The address is random to the extent that the system randomizes the address space.
        ulong mixed = (ulong)(nuint)heap ^ ((ulong)Os.Milliseconds() << 24) ^ (uint)Os.ProcessId();
        ulong seed = SplitMix64.Mix(mixed) | 1;
        _ = Atomic.TryReplace(ref heap->SampleSeed, 0, (nuint)seed);
    }

    /// <summary>Makes the child of a fork draw numbers other than its parent.</summary>
    internal static void SeedChild(HeapState* heap)
    {
        if (heap->SampleSeed != 0)
        {
            heap->SampleSeed = (nuint)(SplitMix64.Mix(heap->SampleSeed ^ (uint)Os.ProcessId()) | 1);
        }
    }

    /// <summary>Returns the negative natural logarithm of a number of 53 bits, taken as a fraction.</summary>
    /// <remarks>
    /// The images have no mathematical library. With the number as m * 2^e, and m between the square roots
    /// of 1/2 and 2, five terms of the series of the inverse hyperbolic tangent of (m - 1) / (m + 1) give ln
    /// m with an error below 1e-8.
    /// </remarks>
    internal static double NegativeLog(ulong bits)
    {
        int exponent = BitOperations.Log2(bits);
        double m = (double)(long)bits / (1L << exponent);
        if (m > SquareRootOf2)
        {
            m *= 0.5;
            exponent++;
        }

        double t = (m - 1) / (m + 1);
        double q = t * t;
        double ln = 2 * t * (1 + (q * ((1.0 / 3) + (q * ((1.0 / 5) + (q * ((1.0 / 7) + (q / 9))))))));
        return ((53 - exponent) * NaturalLogOf2) - ln;
    }

    private static double Distance(HeapState* heap, nuint interval)
    {
        ulong random = SplitMix64.Mix(Atomic.Add(ref heap->SampleSeed, unchecked((nuint)Increment)));
        return NegativeLog((random >> 11) | 1) * (long)interval;
    }
}
