using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Quarry.Gc.Probe;

/// <summary>Programs that run for long: their memory does not grow.</summary>
internal static class FlatCases
{
    private const long Megabyte = 1 << 20;

    private static readonly Random s_random = new(1);

    /// <summary>Repeats a program, of which the first quarter of the rounds is not compared.</summary>
    internal static void Run(string name, string rounds)
    {
        Action step = name switch
        {
            "cache" => Cache(),
            "sizes" => Sizes(),
            "sockets" => Sockets(),
            _ => throw new ArgumentException($"no program '{name}'"),
        };
        int count = int.Parse(rounds, null);
        long[] resident = [.. Enumerable.Range(0, count).Select(_ => Measure(step))];
        long first = resident.Take(count / 4).Max();
        long last = resident.Skip(count / 4).Max();
        if (last > (first / 5 * 6) + (8 * Megabyte))
        {
            string sizes = string.Join(' ', resident.Select(bytes => bytes / Megabyte));
            throw new InvalidOperationException($"grew: {sizes}");
        }

        GC.KeepAlive(step);
        Console.WriteLine("flat");
    }

    private static long Measure(Action step)
    {
        step();
        string pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, null) * Environment.SystemPageSize;
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
