namespace Quarry;

/// <summary>Computes the probability of a sample without a mathematical library.</summary>
internal static unsafe class SampleProbability
{
    private const double Log2 = 0.693147180559945309417;

    // exp(-x) is less than half of the last bit of 1 from here on.
    private const double Certain = 37.5;

    /// <summary>
    /// Returns 1 - exp(-x) for x &#8805; 0, with a relative error below 1e-14 also where x is tiny.
    /// </summary>
    internal static double Of(double x)
    {
        if (x >= Certain)
        {
            return 1;
        }

        // exp(-x) = 2^-k exp(-r) with r in [0, ln 2); for k = 0 the series itself avoids the difference of
        // two numbers near 1.
        int k = (int)(x / Log2);
        double complement = OfSmall(x - (k * Log2));
        if (k == 0)
        {
            return complement;
        }

        const int MantissaBits = 52;
        const long ExponentBias = 1023;
        long bits = (ExponentBias - k) << MantissaBits;
        return 1 - (*(double*)&bits * (1 - complement));
    }

    /// <summary>Returns 1 - exp(-r), for r in [0, ln 2], by the Taylor series in Horner's form.</summary>
    private static double OfSmall(double r)
    {
        // The first term that is left out is below 0.7^18 / 18!, or 3e-19.
        const int Terms = 17;
        double sum = 1;
        for (int term = Terms; term > 1; term--)
        {
            sum = 1 - (r * sum / term);
        }

        return r * sum;
    }
}
