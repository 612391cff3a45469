using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Quarry.AspNetCore.Tests;

/// <summary>Arenas of requests, at a server that answers over sockets.</summary>
public sealed class RequestArenaTests
{
    [Fact]
    public async Task Requests_one_after_the_other_use_one_arena()
    {
        List<Arena> used = [];
        await using RunningServer server = await StartAsync(app => app.MapGet("/{name}", (
            string name, RequestArena request) =>
        {
            used.Add(request.Arena);
            return request.Arena.AllocateString($"Hello, {name}!").ToString();
        }));
        foreach (string name in (string[])["Ann", "Bob", "Cem"])
        {
            Assert.Equal($"Hello, {name}!", await server.GetAsync(name));
            await Eventually.EqualAsync(1, () => server.Service<ArenaPool>().IdleCount);
        }

        // The handles that the requests had are not alive any more, although the memory is in use.
        Assert.Equal([false, false, false], used.Select(arena => arena.IsAlive));
    }

    [Fact]
    public async Task Requests_at_the_same_time_have_arenas_of_their_own()
    {
        const int Requests = 8;
        using CountdownEvent arrived = new(Requests);
        await using RunningServer server = await StartAsync(app => app.MapGet("/{value:int}", async (
            int value, RequestArena request) =>
        {
            NativeList<int, Arena> list = new(request.Arena) { value };
            arrived.Signal();
            await Task.Run(arrived.Wait);
            list.AddRange(Enumerable.Repeat(value, 1000).ToArray());
            return list.AsSpan().IndexOfAnyExcept(value) < 0 ? list.Count : -1;
        }));
        string[] answers = await Task.WhenAll(
            Enumerable.Range(0, Requests).Select(value => server.GetAsync($"{value}")));
        Assert.Equal(Enumerable.Repeat("1001", Requests), answers);
        await Eventually.EqualAsync(
            Math.Min(Requests, Environment.ProcessorCount), () => server.Service<ArenaPool>().IdleCount);
    }

    [Fact]
    public async Task A_request_without_need_for_an_arena_rents_none()
    {
        await using RunningServer server =
            await StartAsync(app => app.MapGet("/", (RequestArena request) => request != null));
        Assert.Equal("true", await server.GetAsync("/"));
        Assert.Equal(0, server.Service<ArenaPool>().IdleCount);
    }

    [Fact]
    public async Task A_request_that_fails_returns_its_arena()
    {
        await using RunningServer server = await StartAsync(app => app.MapGet("/", (RequestArena request) =>
        {
            _ = request.Arena.AllocateString("lost");
            throw new InvalidOperationException();
        }));
        Assert.Equal(HttpStatusCode.InternalServerError, await server.StatusAsync("/"));
        await Eventually.EqualAsync(1, () => server.Service<ArenaPool>().IdleCount);
    }

    [Fact]
    public async Task A_limit_ends_a_request_and_not_the_server()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            builder => builder.Services.AddQuarryRequestArena(new ArenaOptions { LimitBytes = 1.MiB() }),
            app => app.MapGet("/{count:int}", (int count, RequestArena request) =>
                new NativeArray<byte, Arena>(request.Arena, count).Length));
        Assert.Equal(HttpStatusCode.InternalServerError, await server.StatusAsync("/2000000"));
        Assert.Equal("1000", await server.GetAsync("/1000"));
        await Eventually.EqualAsync(1, () => server.Service<ArenaPool>().IdleCount);
    }

    [Fact]
    public async Task A_client_that_is_gone_ends_the_arena()
    {
        TaskCompletionSource started = new();
        Arena used = default;
        await using RunningServer server = await StartAsync(app => app.MapGet("/", async (
            HttpContext context, RequestArena request) =>
        {
            used = request.Arena;
            started.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }));
        Socket client = await server.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(used.IsAlive);
        RunningServer.Reset(client);
        await Eventually.EqualAsync(1, () => server.Service<ArenaPool>().IdleCount);
        Assert.False(used.IsAlive);
    }

    [Fact]
    public void An_arena_after_its_request()
    {
        using ArenaPool pool = new();
        RequestArena request = new(pool);
        request.Dispose();
        Assert.Throws<ObjectDisposedException>(() => request.Arena);
        Assert.Equal(0, pool.IdleCount);
    }

    [Fact]
    public async Task A_heap_is_shared_and_disposed_with_the_services()
    {
        Heap first = default, second = default;
        await using (RunningServer server = await RunningServer.StartAsync(
            builder => builder.Services.AddQuarryHeap().AddScoped<Consumer>(),
            app => app.MapGet("/", (Heap heap, Consumer consumer) =>
            {
                (first, second) = (heap, consumer.Heap);
                return new NativeUtf8String<Heap>(heap, "kept").Length;
            })))
        {
            Assert.Equal("4", await server.GetAsync("/"));
            Assert.Equal(first, second);
            Assert.True(first.IsAlive);
        }

        Assert.False(first.IsAlive);
    }

    private static Task<RunningServer> StartAsync(Action<WebApplication> map) => RunningServer.StartAsync(
        builder => builder.Services.AddQuarryRequestArena().AddQuarryTransport(), map);

    private sealed class Consumer(Heap heap)
    {
        internal Heap Heap { get; } = heap;
    }
}
