using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Cli.Http;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>The server alone, with clients of all kinds.</summary>
public sealed class HttpServerTests : IDisposable
{
    private readonly HttpServer _server = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public HttpServerTests() => _serving = _server.RunAsync(
        (request, _) => Task.FromResult(HttpResponse.Text(
            200, $"{request.Path} {string.Join(',', request.Query.Select(q => $"{q.Key}={q.Value}"))}")),
        _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _serving.GetAwaiter().GetResult();
        _server.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Paths_and_parameters_are_decoded()
    {
        using HttpClient client = new();
        string text = await client.GetStringAsync(
            $"http://{_server.Address}/a%20b?x=1%262&y&x=3", TestContext.Current.CancellationToken);
        Assert.Equal("/a b x=1&2,y=\n", text);
    }

    [Fact]
    public void HEAD_has_the_headers_only()
    {
        string answer = Exchange("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 3\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\n\r\n", 400)]
    [InlineData("GET http://other/ HTTP/1.1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\n\r\n", 405)]
    public void Other_requests_are_refused(string request, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", Exchange(request), StringComparison.Ordinal);

    [Fact]
    public void A_header_that_is_too_large_is_refused() => Assert.StartsWith(
        "HTTP/1.1 431 ",
        Exchange(("GET / HTTP/1.1\r\nX: " + new string('x', 20_000))[..(16 << 10)]),
        StringComparison.Ordinal);

    [Fact]
    public async Task Clients_that_send_nothing_do_not_keep_others_waiting()
    {
        Socket[] silent = [.. Enumerable.Range(0, 20).Select(_ => Connect())];
        using HttpClient client = new();
        string[] texts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.GetStringAsync(
            $"http://{_server.Address}/{i}", TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"/{i} \n"), texts);
        Array.ForEach(silent, socket => socket.Dispose());
    }

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData(":6060", "127.0.0.1:6060")]
    [InlineData("*:6060", "0.0.0.0:6060")]
    [InlineData("[::1]:6060", "[::1]:6060")]
    [InlineData("::1", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:-1", null)]
    public void Addresses_are_parsed(string text, string? expected) =>
        Assert.Equal(expected, ListenAddress.Parse(text)?.ToString());

    private Socket Connect()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_server.Address);
        return socket;
    }

    private string Exchange(string request)
    {
        using Socket socket = Connect();
        using NetworkStream stream = new(socket);
        stream.Write(Encoding.ASCII.GetBytes(request));
        using System.IO.StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
