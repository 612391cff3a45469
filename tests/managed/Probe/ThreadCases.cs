using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Gc.Probe;

/// <summary>Threads, tasks, locks and suspension.</summary>
internal static class ThreadCases
{
    internal static void ArraysAreZero()
    {
        const int Threads = 8, Rounds = 3000;
        long[] lengths = new long[Threads];
        Run(Threads, thread =>
        {
            Random random = new(thread);
            byte[]?[] kept = new byte[64][];
            for (int round = 0; round < Rounds; round++)
            {
                byte[] array = new byte[random.Next(round % 50 == 0 ? 200_000 : 3000)];
                Check.That(!array.AsSpan().ContainsAnyExcept((byte)0));
                array.AsSpan().Fill((byte)(round | 1));
                kept[round % kept.Length] = array;
                lengths[thread] += array.Length;
            }

            Check.That(kept.All(array => array!.AsSpan().IndexOfAnyExcept(array!.FirstOrDefault()) < 0));
        });
        Console.WriteLine(string.Join(' ', lengths));
    }

    internal static void ShortThreads()
    {
        int ran = 0;
        for (int round = 0; round < 100; round++)
        {
            Run(4, _ =>
            {
                object[] objects = [.. Enumerable.Range(0, 50).Select(index => (object)index)];
                Interlocked.Add(ref ran, objects.Length);
            });
        }

        Console.WriteLine(ran);
    }

    internal static void Tasks()
    {
        Task<int>[] tasks = [.. Enumerable.Range(0, 1000).Select(index => Task.Run(async () =>
        {
            await Task.Yield();
            if (index % 10 == 0)
            {
                throw new InvalidOperationException($"task {index}");
            }

            return index;
        }))];
        Check.Throws<AggregateException>(() => Task.WaitAll(tasks));
        Console.WriteLine(tasks.Where(task => task.IsCompletedSuccessfully).Sum(task => task.Result));
        Console.WriteLine(tasks.Count(task => task.IsFaulted));
        Console.WriteLine(Enumerable.Range(0, 100_000).AsParallel().Where(number => number % 7 == 0).Count());
    }

    internal static void Locks()
    {
        object[] locks = [.. Enumerable.Range(0, 500).Select(_ => new object())];
        int[] hashes = [.. locks.Select(one => one.GetHashCode())];
        int[] counts = new int[locks.Length];
        Run(4, thread =>
        {
            for (int round = 0; round < 10_000; round++)
            {
                int index = (round * 7) % locks.Length;
                lock (locks[index])
                {
                    counts[index]++;
                }
            }
        });
        Check.That(locks.Select(one => one.GetHashCode()).SequenceEqual(hashes));

        // Two threads wait for each other in turn.
        object turn = new();
        int passes = 0;
        Run(2, thread =>
        {
            for (int round = 0; round < 500; round++)
            {
                lock (turn)
                {
                    while (passes % 2 != thread)
                    {
                        Monitor.Wait(turn);
                    }

                    passes++;
                    Monitor.PulseAll(turn);
                }
            }
        });
        Console.WriteLine($"{counts.Sum()} {passes}");
    }

    /// <summary>Precise statistics suspend all threads, repeatedly.</summary>
    internal static void Suspension()
    {
        bool done = false;
        long objects = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.KeepAlive(new byte[32]);
                Interlocked.Increment(ref objects);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        long last = 0;
        for (int round = 0; round < 300; round++)
        {
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            Check.That(bytes >= last);
            last = bytes;
        }

        Volatile.Write(ref done, true);
        Array.ForEach(threads, thread => thread.Join());
        Check.That(GC.GetTotalAllocatedBytes(precise: true) >= Interlocked.Read(ref objects) * 56);
        Console.WriteLine("suspended");
    }

    private static void Run(int count, Action<int> action)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                action(index);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException("a thread failed", failure);
        }
    }
}
