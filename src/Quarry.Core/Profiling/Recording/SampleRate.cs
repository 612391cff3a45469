namespace Quarry;

/// <summary>Limits the number of samples in a second, by doubling the interval.</summary>
/// <remarks>
/// A sample takes 1 to 2 microseconds, so <see cref="MaxPerSecond"/> samples take at most 1 % of the time,
/// however fast the program allocates. The interval depends only on samples that were taken before, and each
/// sample counts by the interval with which it was drawn; so the estimates stay unbiased.
/// </remarks>
internal struct SampleRate
{
    /// <summary>The most samples in a second, beyond those of the time in which the interval grows.</summary>
    internal const ulong MaxPerSecond = 5000;

    // Enough to tell the rate within a tenth; the interval changes at most once in 26 ms if it shrinks.
    private const ulong WindowSamples = 128;

    private const ulong NanosecondsPerSample = 1_000_000_000 / MaxPerSecond;

    // Between the rates at which the interval grows and shrinks; a change empties the free lists.
    private const ulong Slack = 4;

    private readonly nuint _least;
    private readonly nuint _largest;
    private ulong _start;
    private ulong _samples;

    /// <summary>Starts with an interval, which is the least one from now on.</summary>
    /// <param name="interval">The mean number of bytes between two samples.</param>
    /// <param name="largest">The interval to which it may grow; the same for no limit.</param>
    /// <param name="time">The time in nanoseconds.</param>
    internal SampleRate(nuint interval, nuint largest, ulong time)
    {
        _least = interval;
        _largest = largest;
        _start = time;
        _samples = 0;
    }

    /// <summary>Counts a sample.</summary>
    /// <param name="interval">The current interval.</param>
    /// <param name="time">The time in nanoseconds.</param>
    /// <returns>The interval of the samples that follow.</returns>
    internal nuint Next(nuint interval, ulong time)
    {
        ulong elapsed = time - _start, allowed = ++_samples * NanosecondsPerSample;
        if (_samples < WindowSamples && elapsed < WindowSamples * NanosecondsPerSample)
        {
            return interval;
        }

        _start = time;
        _samples = 0;
        while (elapsed < allowed && interval <= _largest / 2)
        {
            interval *= 2;
            elapsed = elapsed == 0 ? 1 : elapsed * 2;
        }

        while (elapsed / Slack >= allowed && interval / 2 >= _least)
        {
            interval /= 2;
            elapsed /= 2;
        }

        return interval;
    }
}
