using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.AspNetCore.Tests;

/// <summary>Waits for what happens on other threads.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    internal static async Task EqualAsync<T>(T expected, Func<T> actual)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!Equals(expected, actual()) && watch.Elapsed < s_limit)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, actual());
    }
}
