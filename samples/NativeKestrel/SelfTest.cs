using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Quarry;
using Quarry.AspNetCore;

namespace NativeKestrel;

/// <summary>Sends requests to the server in this process, and looks at what became of the buffers.</summary>
internal static class SelfTest
{
    private const int Requests = 16, Bytes = 4 << 20;

    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(
        Uri server, NativeMemoryPoolFactory pools, Func<CancellationToken, Task> stop)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using (var client = new HttpClient { BaseAddress = server })
        {
            bool[] echoed = await Task.WhenAll(
                Enumerable.Range(0, Requests).Select(seed => EchoesAsync(client, seed, patience.Token)));
            Check(echoed.All(same => same), $"{Requests} requests of {Bytes} bytes came back as sent");
            string stats = await client.GetStringAsync("/stats", patience.Token);
            Check(stats.Contains("Rents"), "/stats answers");
        }

        await stop(patience.Token);
        NativeMemoryPoolStatistics statistics = pools.GetStatistics();
        Console.WriteLine(statistics);
        Check(statistics.Rents * 4096 > Requests * (long)Bytes, "the bytes went through the pools");
        Check(statistics.Hits > statistics.Rents / 2, "most buffers were used again");
        Check(statistics is { RentedBuffers: 0, RentedBytes: 0 }, "all buffers went back");
        return Environment.ExitCode;
    }

    private static async Task<bool> EchoesAsync(HttpClient client, int seed, CancellationToken patience)
    {
        byte[] sent = new byte[Bytes];
        new Random(seed).NextBytes(sent);
        using var content = new ByteArrayContent(sent);
        using HttpResponseMessage response = await client.PostAsync("/echo", content, patience);
        byte[] received = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(patience);
        return received.AsSpan().SequenceEqual(sent);
    }

    private static void Check(bool holds, string statement)
    {
        Console.WriteLine($"{(holds ? "ok" : "FAILED")}: {statement}");
        Environment.ExitCode |= holds ? 0 : 1;
    }
}
