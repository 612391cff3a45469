using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Threading.Tasks;

namespace Quarry.Gc.Probe;

/// <summary>Programs that run for long: their memory does not grow.</summary>
internal static class FlatCases
{
    private const long Megabyte = 1 << 20;

    private static readonly Random s_random = new(1);

    /// <summary>
    /// Repeats a program. The memory of the later rounds may exceed that of the first quarter by some
    /// percent, and in no round be twice as much.
    /// </summary>
    /// <remarks>
    /// Medians are compared: when the objects are many, the heap is larger in some rounds than in others,
    /// depending on when the next full collection happens.
    /// </remarks>
    internal static void Run(string name, string rounds, string percent)
    {
        Action step = Create(name);
        int count = int.Parse(rounds, null);
        long[] resident = [.. Enumerable.Range(0, count).Select(_ => Measure(step))];
        long first = Median(resident.Take(count / 4));
        long last = Median(resident.Skip(count / 4));
        bool hasGrown = last > first + (first / 100 * int.Parse(percent, null)) + (8 * Megabyte);
        if (hasGrown || resident.Max() > (2 * first) + (8 * Megabyte))
        {
            string sizes = string.Join(' ', resident.Select(bytes => bytes / Megabyte));
            throw new InvalidOperationException($"grew: {sizes}");
        }

        GC.KeepAlive(step);
        Console.WriteLine("flat");
    }

    /// <summary>
    /// Repeats a program for some minutes, and prints the resident memory every ten seconds, in mebibytes.
    /// </summary>
    internal static void Soak(string name, string minutes)
    {
        TimeSpan limit = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        Action step = Create(name);
        Stopwatch watch = Stopwatch.StartNew();
        for (long tens = 1; watch.Elapsed < limit; tens++)
        {
            long resident = 0;
            while (watch.Elapsed.TotalSeconds < 10 * tens)
            {
                resident = Math.Max(resident, Measure(step));
            }

            Console.WriteLine($"{10 * tens} {resident / Megabyte}");
        }

        GC.KeepAlive(step);
    }

    /// <summary>
    /// Objects of all sizes and lifetimes do not fragment the heap: of 48 MiB that are alive, 96 MiB are
    /// allocated before a full collection, and a quarter more was committed when this was measured.
    /// </summary>
    internal static void Fragmentation()
    {
        const long Most = 170 * Megabyte;
        Action step = Mix(size => GC.AllocateUninitializedArray<byte>(size));
        long committed = 0;
        for (int round = 0; round < 12; round++)
        {
            step();
            committed = Math.Max(committed, GC.GetGCMemoryInfo().TotalCommittedBytes);
        }

        Console.WriteLine(committed < Most ? "compact" : $"{committed / Megabyte} MiB");
        GC.KeepAlive(step);
    }

    private static Action Create(string name) => name switch
    {
        "cache" => Cache(),
        "sizes" => Sizes(),
        "sockets" => Sockets(),
        "web" => WebCases.UnderLoad,
        "mix" => Mix(size => new byte[size]),
        _ => throw new ArgumentException($"no program '{name}'"),
    };

    private static long Median(IEnumerable<long> values) =>
        values.Order().ElementAt(values.Count() / 2);

    private static long Measure(Action step)
    {
        step();
        return Environment.WorkingSet;
    }

    /// <summary>A cache in which random entries are replaced.</summary>
    private static Action Cache()
    {
        Dictionary<int, string> entries = [];
        return () =>
        {
            for (int number = 0; number < 200_000; number++)
            {
                entries[s_random.Next(300_000)] = new string('x', s_random.Next(100));
            }
        };
    }

    /// <summary>Arrays of sizes that change over time, so that old holes do not fit new objects.</summary>
    private static Action Sizes()
    {
        byte[]?[] arrays = new byte[20_000][];
        int round = 0;
        return () =>
        {
            int largest = 64 << (++round % 8);
            for (int number = 0; number < 20_000; number++)
            {
                arrays[s_random.Next(arrays.Length)] = new byte[s_random.Next(largest)];
            }
        };
    }

    /// <summary>
    /// Objects of all sizes up to a mebibyte with lifetimes of all lengths, so that long-lived ones are
    /// scattered over the heap, between holes of every size.
    /// </summary>
    private static Action Mix(Func<int, byte[]> create)
    {
        const int Lifetimes = 12, Slots = 1 << Lifetimes, Budget = 48 << 20;
        (byte[]? Bytes, object? Tail)[] slots = new (byte[]?, object?)[Slots];
        long held = 0;
        return () =>
        {
            for (int number = 0; number < 20_000; number++)
            {
                // Half of the objects replace each other in one slot, a quarter in the next two, and so on.
                int lifetime = Math.Min(BitOperations.TrailingZeroCount(s_random.Next()), Lifetimes - 1);
                ref (byte[]? Bytes, object? Tail) slot =
                    ref slots[(1 << lifetime) + s_random.Next(1 << lifetime)];
                int size = s_random.Next(16 << s_random.Next(17));
                held -= slot.Bytes?.Length ?? 0;
                slot = held + size <= Budget ? (create(size), new object[s_random.Next(8)]) : default;
                held += slot.Bytes?.Length ?? 0;
            }
        };
    }

    /// <summary>Buffers on the ordinary heap that are pinned while sockets use them.</summary>
    private static Action Sockets() => () =>
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint server = (IPEndPoint)listener.LocalEndpoint;
        Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => Exchange(server))];
        Task[] servers = [.. clients.Select(_ => Echo(listener))];
        Task.WaitAll([.. clients, .. servers]);
    };

    private static async Task Echo(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        client.NoDelay = true;
        NetworkStream stream = client.GetStream();
        for (; ; )
        {
            byte[] buffer = new byte[1 + s_random.Next(5000)];
            int read = await stream.ReadAsync(buffer);
            if (read == 0)
            {
                return;
            }

            await stream.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private static async Task Exchange(IPEndPoint server)
    {
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(server);
        NetworkStream stream = client.GetStream();
        for (int message = 0; message < 300; message++)
        {
            byte[] sent = [.. Enumerable.Range(message, 1000).Select(number => (byte)number)];
            byte[] received = new byte[sent.Length];
            await stream.WriteAsync(sent);
            await stream.ReadExactlyAsync(received);
            Check.That(received.AsSpan().SequenceEqual(sent));
        }
    }
}
