using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Quarry.Testing;

/// <summary>Threads that take, change and free blocks of one allocator, each other's blocks too.</summary>
internal static class ThreadsCheck
{
    private const int Threads = 4, Steps = 4000, MaxHeld = 64;

    internal static Violation Run<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        if ((TAllocator.Traits & AllocatorTraits.ThreadSafe) == 0)
        {
            return default;
        }

        var handedOver = new ConcurrentQueue<Held>();
        var found = new ConcurrentBag<Violation>();
        Exception? thrown = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            try
            {
                // Patterns of different threads differ: their seeds are far apart.
                var witness = new Witness<TAllocator>(
                    allocator, options, options.Capacity / Threads, (nuint)index << 32);
                if (!Work(ref witness, options, new Random(options.Seed + index), handedOver))
                {
                    found.Add(witness.Violation);
                }
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        })),];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (thrown != null)
        {
            throw new InvalidOperationException($"A thread of the check ended: {thrown.Message}", thrown);
        }

        var last = new Witness<TAllocator>(allocator, options);
        while (found.IsEmpty && handedOver.TryDequeue(out Held held))
        {
            if (!last.Give(held))
            {
                found.Add(last.Violation);
            }
        }

        return found.FirstOrDefault();
    }

    private static bool Work<TAllocator>(
        ref Witness<TAllocator> witness, ConformanceOptions options, Random random,
        ConcurrentQueue<Held> handedOver)
        where TAllocator : unmanaged, IAllocator
    {
        var held = new List<Held>();
        bool good = true;
        for (int step = 0; step < Steps && good; step++)
        {
            nuint size = Math.Min((nuint)random.Next(16 << random.Next(9)), options.MaxSize);
            nuint alignment = Math.Min((nuint)1 << random.Next(6), options.MaxAlignment);
            if (held.Count < MaxHeld && random.Next(3) != 0)
            {
                if (witness.Affords(size, alignment))
                {
                    good = witness.Take(size, alignment, random.Next(4) == 0, out Held taken);
                    held.Add(taken);
                }
            }
            else if (random.Next(4) == 0 && handedOver.TryDequeue(out Held foreign))
            {
                good = witness.Give(foreign);
            }
            else if (held.Count > 0)
            {
                good = Change(ref witness, held, random, size, handedOver);
            }
        }

        return good && witness.GiveAll(held);
    }

    private static bool Change<TAllocator>(
        ref Witness<TAllocator> witness, List<Held> held, Random random, nuint size,
        ConcurrentQueue<Held> handedOver)
        where TAllocator : unmanaged, IAllocator
    {
        int index = random.Next(held.Count);
        Held block = held[index];
        int choice = random.Next(4);
        if (choice == 0 && witness.Affords(size, block.Layout.Alignment))
        {
            bool good = witness.Reallocate(ref block, size);
            held[index] = block;
            return good;
        }

        held[index] = held[^1];
        held.RemoveAt(held.Count - 1);
        if (choice == 1)
        {
            handedOver.Enqueue(block);
            return true;
        }

        return witness.Give(block);
    }
}
