using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Quarry.AspNetCore.Tests;

/// <summary>A server that listens at a port of this machine while a test runs.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RunningServer(WebApplication application)
    {
        _application = application;
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    internal HttpClient Client { get; }

    internal Uri Address => new(_application.Urls.Single());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<RunningServer> StartAsync(
        Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        WebApplication application = builder.Build();
        map(application);
        if (application.Urls.Count == 0)
        {
            application.Urls.Add("http://127.0.0.1:0");
        }

        await application.StartAsync(Cancellation);
        return new RunningServer(application);
    }

    internal T Service<T>() where T : notnull => _application.Services.GetRequiredService<T>();

    internal Task<string> GetAsync(string path) => Client.GetStringAsync(path, Cancellation);

    internal async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, Cancellation);
        return response.StatusCode;
    }

    /// <summary>Sends the text of a request on a connection of its own.</summary>
    internal async Task<Socket> SendAsync(string request)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address.Host, Address.Port, Cancellation);
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        return socket;
    }

    /// <summary>Closes a connection as the end of a client's process does: the server gets a reset.</summary>
    internal static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    internal async Task StopAsync()
    {
        Client.Dispose();
        await _application.StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
