using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>Waits for what happens on other threads and in other processes.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    public static async Task EqualAsync<T>(T expected, Func<T> actual)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!Equals(expected, actual()) && watch.Elapsed < s_limit)
        {
            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, actual());
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="describe">The message of the failure, if it does not come to hold.</param>
    public static void True(Func<bool> condition, Func<string>? describe = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > s_limit)
            {
                Assert.Fail(describe?.Invoke() ?? "the condition did not come to hold");
            }

            Thread.Sleep(s_pause);
        }
    }
}
