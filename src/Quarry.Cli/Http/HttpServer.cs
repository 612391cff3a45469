using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Tools;

namespace Quarry.Cli.Http;

/// <summary>
/// A server for a few scrapers: GET and HEAD, one request a connection. HttpListener cannot let the system
/// choose a port, and Kestrel would require ASP.NET on each machine.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    private const int MaxHeadBytes = 16 << 10;
    private const int MaxConnections = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Socket _listener;
    private readonly SemaphoreSlim _free = new(MaxConnections);

    /// <summary>Starts to listen.</summary>
    /// <param name="address">The address; port 0 for one that the system chooses.</param>
    /// <exception cref="QuarryException">The address cannot be used.</exception>
    internal HttpServer(IPEndPoint address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(address);
            _listener.Listen();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new QuarryException(e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"{address} is in use by another program: choose another port, or 0 for a free one",
                SocketError.AccessDenied => $"no permission to listen on {address}: choose a port above 1023",
                SocketError.AddressNotAvailable => $"{address.Address} is not an address of this machine",
                _ => $"cannot listen on {address}: {e.Message}",
            });
        }
    }

    /// <summary>The address, with the port that the system chose.</summary>
    internal IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Serves until it is stopped. Requests are answered concurrently.</summary>
    internal async Task RunAsync(
        Func<HttpRequest, CancellationToken, Task<HttpResponse>> answer, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _free.WaitAsync(stop).ConfigureAwait(false);
                Socket connection = await _listener.AcceptAsync(stop).ConfigureAwait(false);
                _ = ServeAsync(connection, answer, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _free.Dispose();
    }

    private async Task ServeAsync(
        Socket socket, Func<HttpRequest, CancellationToken, Task<HttpResponse>> answer,
        CancellationToken stop)
    {
        try
        {
            using NetworkStream stream = new(socket, ownsSocket: true);
            (HttpRequest? request, HttpResponse? failure) =
                await ReadAsync(stream, stop).ConfigureAwait(false);
            HttpResponse response =
                failure ?? await AnswerAsync(request!, answer, stop).ConfigureAwait(false);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(response.Head), stop).ConfigureAwait(false);
            if (request?.Method != "HEAD")
            {
                await stream.WriteAsync(response.Body, stop).ConfigureAwait(false);
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone or is too slow, or the server was stopped.
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        try
        {
            _free.Release();
        }
        catch (ObjectDisposedException)
        {
            // Stopped meanwhile.
        }
    }

    private static async Task<(HttpRequest? Request, HttpResponse? Failure)> ReadAsync(
        NetworkStream stream, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_patience);
        byte[] head = new byte[MaxHeadBytes];
        int length = 0;
        while (length < head.Length)
        {
            int read = await stream.ReadAsync(head.AsMemory(length), limit.Token).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("The client has closed the connection.");
            }

            length += read;
            int end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return HttpRequest.Parse(Encoding.Latin1.GetString(head, 0, end)) is { } request
                    ? (request, null)
                    : (null, HttpResponse.Text(HttpResponse.BadRequest, "not an HTTP/1 request"));
            }
        }

        return (null, HttpResponse.Text(HttpResponse.HeadTooLarge, "the request header is too large"));
    }

    private static async Task<HttpResponse> AnswerAsync(
        HttpRequest request, Func<HttpRequest, CancellationToken, Task<HttpResponse>> answer,
        CancellationToken stop)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return HttpResponse.Text(HttpResponse.MethodNotAllowed, "only GET and HEAD are supported") with
            {
                Headers = [("Allow", "GET, HEAD")],
            };
        }

        try
        {
            return await answer(request, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return HttpResponse.Text(HttpResponse.InternalError, e.Message);
        }
    }
}
