using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace LeakyService;

/// <summary>Requests pages, and changes prices.</summary>
internal sealed class Load(Uri server, Catalog catalog) : IDisposable
{
    private const int Clients = 2, RequestsPerChange = 4;

    // At this pace, the service uses a small part of a processor.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private readonly HttpClient _client = new() { BaseAddress = server };
    private int _started;
    private int _requests;

    /// <summary>Gets the number of requests that were answered.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Sends requests until a number of them is answered or the token is canceled.</summary>
    internal async Task RunAsync(int requests, CancellationToken end)
    {
        var clients = new Task[Clients];
        for (int seed = 0; seed < Clients; seed++)
        {
            clients[seed] = SendAsync(new Random(seed), requests, end);
        }

        await Task.WhenAll(clients);
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(Random random, int requests, CancellationToken end)
    {
        try
        {
            while (Interlocked.Increment(ref _started) <= requests)
            {
                int id = random.Next(Catalog.Products);
                _ = await _client.GetByteArrayAsync(new Uri($"/products/{id}", UriKind.Relative), end);
                if (Interlocked.Increment(ref _requests) % RequestsPerChange == 0)
                {
                    catalog.ChangePrices(id);
                }

                await Task.Delay(s_pause, end);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C
        }
    }
}
