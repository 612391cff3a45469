using System;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class LiveSampleTests
{
    [Fact]
    public void Samples_are_sorted_by_thread_site_and_size()
    {
        Random random = new(1);
        for (int count = 0; count < 200; count++)
        {
            LiveSample[] samples = [.. Enumerable.Range(0, count).Select(_ => new LiveSample
            {
                ThreadId = (uint)random.Next(4),
                Site = (uint)random.Next(4),
                Usable = (nuint)random.Next(4),
                Blocks = (ulong)random.Next(),
            })];
            LiveSample[] expected =
                [.. samples.OrderBy(s => s.ThreadId).ThenBy(s => s.Site).ThenBy(s => s.Usable)];
            fixed (LiveSample* start = samples)
            {
                HeapSort<LiveSample>.Sort(start, (nuint)count);
            }

            Assert.All(samples.Zip(expected), pair => Assert.True(pair.First.IsLike(pair.Second)));
            Assert.Equal(expected.Sum(s => (long)s.Blocks), samples.Sum(s => (long)s.Blocks));
        }
    }
}
