using System;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>A value with several owners.</summary>
public sealed class SharedValueTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void The_last_owner_gives_the_value_back()
    {
        var first = new NativeRefCounted<int, Heap>(_heap, 7);
        NativeRefCounted<int, Heap> second = first.AddRef();
        Assert.Equal(2, first.OwnerCount);
        first.Dispose();
        Assert.True(second.IsAlive);
        second.Value++;
        Assert.Equal(8, second.Value);
        second.Dispose();
        Assert.False(second.IsAlive);
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.AddRef());
    }

    [Fact]
    public void Owners_on_many_threads_count_right()
    {
        var shared = new NativeRefCounted<int, Heap>(_heap);
        var threads = new Thread[4];
        for (int index = 0; index < threads.Length; index++)
        {
            NativeRefCounted<int, Heap> own = shared.AddRef();
            threads[index] = new Thread(() =>
            {
                for (int round = 0; round < 10_000; round++)
                {
                    using NativeRefCounted<int, Heap> another = own.AddRef();
                    Interlocked.Increment(ref another.Value);
                }

                own.Dispose();
            });
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(1, shared.OwnerCount);
        Assert.Equal(40_000, shared.Value);
        shared.Dispose();
        Assert.Equal(0u, _heap.GetStatistics().InUseBlocks);
    }
}
