using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Quarry.AspNetCore.Tests;

/// <summary>Kestrel on buffers of a heap.</summary>
public sealed class TransportTests
{
    private const int BodyBytes = 4 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Bodies_come_back_as_sent_through_buffers_of_the_heap(HttpProtocols protocols)
    {
        const int Requests = 16;
        await using RunningServer server = await StartAsync(protocols);
        server.Client.DefaultRequestVersion = new Version(protocols == HttpProtocols.Http2 ? 2 : 1, 0);
        server.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher;
        bool[] same = await Task.WhenAll(
            Enumerable.Range(0, Requests).Select(seed => EchoesAsync(server.Client, seed)));
        Assert.DoesNotContain(false, same);

        NativeMemoryPoolFactory pools = server.Service<NativeMemoryPoolFactory>();
        NativeMemoryPoolStatistics statistics = pools.GetStatistics();
        Assert.True(statistics.Rents * 16384 > Requests * (long)BodyBytes, $"{statistics}");
        Assert.True(statistics.Hits > statistics.Rents / 2, $"{statistics}");
        await server.StopAsync();
        await Eventually.EqualAsync(0, () => pools.GetStatistics().RentedBuffers);
        await server.DisposeAsync();
        Assert.False(pools.Heap.IsAlive);
    }

    [Fact]
    public async Task Kestrels_own_transport_accepts_no_native_buffers()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            builder => builder.Services.AddSingleton<IMemoryPoolFactory<byte>, NativeMemoryPoolFactory>(),
            Map);
        _ = await Assert.ThrowsAnyAsync<HttpRequestException>(() => EchoesAsync(server.Client, 1));
    }

    [Fact]
    public async Task An_idle_connection_holds_no_buffer()
    {
        await using RunningServer server = await StartAsync(HttpProtocols.Http1);
        using Socket idle = await server.SendAsync("");
        Assert.Equal("pong", await server.GetAsync("/ping"));
        server.Client.Dispose();
        await Eventually.EqualAsync(
            0, () => server.Service<NativeMemoryPoolFactory>().GetStatistics().RentedBuffers);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_sent_a_bounded_number_of_bytes()
    {
        await using RunningServer server = await StartAsync(HttpProtocols.Http1);
        NativeMemoryPoolFactory pools = server.Service<NativeMemoryPoolFactory>();
        Socket client = await server.SendAsync("GET /endless HTTP/1.1\r\nHost: test\r\n\r\n");
        await Eventually.EqualAsync(true, () => pools.GetStatistics().RentedBytes >= 64.KiB());
        await Task.Delay(100, Cancellation);
        Assert.InRange(pools.GetStatistics().RentedBytes, 0u, 256.KiB());

        // The handler of the request ends when its client is gone, and the server goes on.
        RunningServer.Reset(client);
        await Eventually.EqualAsync(0, () => pools.GetStatistics().RentedBuffers);
        Assert.Equal("pong", await server.GetAsync("/ping"));
    }

    [Fact]
    public async Task Clients_that_abort_in_the_middle_of_a_body_leave_nothing()
    {
        await using RunningServer server = await StartAsync(HttpProtocols.Http1);
        string half =
            "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n" + new string('x', 50000);
        for (int round = 0; round < 20; round++)
        {
            Socket client = await server.SendAsync(half);
            RunningServer.Reset(client);
        }

        Assert.True(await EchoesAsync(server.Client, 1));
        server.Client.Dispose();
        await Eventually.EqualAsync(
            0, () => server.Service<NativeMemoryPoolFactory>().GetStatistics().RentedBuffers);
    }

    [Fact]
    public async Task A_server_listens_at_a_unix_domain_socket()
    {
        string path = Path.Combine(Path.GetTempPath(), $"quarry-{Guid.NewGuid():N}.sock");
        await using RunningServer server = await RunningServer.StartAsync(
            builder =>
            {
                builder.Services.AddQuarryTransport();
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path));
            },
            Map);
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient client = new(handler) { BaseAddress = new Uri("http://localhost") };
        Assert.True(await EchoesAsync(client, 1));
    }

    [Fact]
    public async Task A_port_in_use_is_reported_as_by_kestrel()
    {
        await using RunningServer server = await StartAsync(HttpProtocols.Http1);
        IOException error = await Assert.ThrowsAsync<IOException>(() => RunningServer.StartAsync(
            builder => builder.Services.AddQuarryTransport(),
            app => app.Urls.Add(server.Address.ToString())));
        Assert.Contains("address already in use", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<RunningServer> StartAsync(HttpProtocols protocols) => RunningServer.StartAsync(
        builder =>
        {
            builder.Services.AddQuarryTransport();
            builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        },
        Map);

    private static void Map(WebApplication app)
    {
        app.MapGet("/ping", () => "pong");
        app.MapPost("/echo", EchoAsync);
        app.MapGet("/endless", async (HttpContext context) =>
        {
            Assert.NotNull(context.Features.Get<IConnectionSocketFeature>());
            byte[] bytes = new byte[10000];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }
        });
    }

    // First all, then all: a client that sends its request before it reads would wait forever otherwise.
    private static async Task EchoAsync(HttpRequest request, HttpResponse response)
    {
        using NativeList<byte, SystemHeap> body = new(default);
        using Stream stream = body.AsStream();
        await request.Body.CopyToAsync(stream, request.HttpContext.RequestAborted);
        await response.Body.WriteAsync(body.AsMemory(), request.HttpContext.RequestAborted);
    }

    private static async Task<bool> EchoesAsync(HttpClient client, int seed)
    {
        byte[] sent = new byte[BodyBytes];
        new Random(seed).NextBytes(sent);
        using ByteArrayContent content = new(sent);
        using HttpRequestMessage request = new(HttpMethod.Post, "/echo")
        {
            Content = content,
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadAsByteArrayAsync(Cancellation)).AsSpan().SequenceEqual(sent);
    }
}
