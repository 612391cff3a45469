using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Quarry.AspNetCore;

/// <summary>
/// A connection between a socket and two pipes: one loop receives into buffers of a pool, another one sends
/// from them.
/// </summary>
internal sealed class NativeConnection
    : DefaultConnectionContext, IDuplexPipe, IMemoryPoolFeature, IConnectionSocketFeature
{
    // A buffer of output is a system call.
    private const int OutputSegment = 16 * 1024;

    private readonly Pipe _received, _sent;
    private readonly CancellationTokenSource _closed = new();
    private readonly bool _waitsForData;
    private volatile ConnectionAbortedException? _abortReason;
    private Task _loops = Task.CompletedTask;

    internal NativeConnection(Socket socket, MemoryPool<byte> pool, SocketTransportOptions options)
        : base(Guid.NewGuid().ToString("N"))
    {
        Socket = socket;
        MemoryPool = pool;
        _waitsForData = options.WaitForDataBeforeAllocatingBuffer;
        _received = new Pipe(OptionsOf(pool, options.MaxReadBufferSize ?? 0, minimumSegmentSize: -1));
        _sent = new Pipe(OptionsOf(pool, options.MaxWriteBufferSize ?? 0, OutputSegment));
        Transport = this;
        ConnectionClosed = _closed.Token;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        Features.Set<IConnectionSocketFeature>(this);

        // Here Kestrel finds the pool for what it writes itself.
        Features.Set<IMemoryPoolFeature>(this);
    }

    public Socket Socket { get; }

    public MemoryPool<byte> MemoryPool { get; }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _sent.Writer;

    internal void Start() => _loops = Task.WhenAll(ReceiveAsync(), SendAsync());

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _abortReason = abortReason;
        Shutdown();
        _sent.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync().ConfigureAwait(false);
        await Output.CompleteAsync().ConfigureAwait(false);
        try
        {
            // A callback that was registered for the end of the connection may throw.
            await _loops.ConfigureAwait(false);
        }
        finally
        {
            Socket.Dispose();
            _closed.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    // Kestrel's code runs on threads of the pool, not within the loops. A threshold of 0 is no limit.
    private static PipeOptions OptionsOf(MemoryPool<byte> pool, long threshold, int minimumSegmentSize) =>
        new(
            pool, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, threshold, threshold / 2,
            minimumSegmentSize, useSynchronizationContext: false);

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                if (_waitsForData)
                {
                    // An idle connection holds no buffer.
                    _ = await Socket.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
                }

                int count = await Socket.ReceiveAsync(_received.Writer.GetMemory()).ConfigureAwait(false);
                _received.Writer.Advance(count);
                FlushResult flushed = await _received.Writer.FlushAsync().ConfigureAwait(false);
                if (count == 0 || flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception failure)
        {
            error = ReasonOf(failure);
        }

        await _received.Writer.CompleteAsync(error ?? _abortReason).ConfigureAwait(false);
        await _closed.CancelAsync().ConfigureAwait(false);
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            ReadResult read;
            do
            {
                read = await _sent.Reader.ReadAsync().ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                {
                    await SendAllAsync(segment).ConfigureAwait(false);
                }

                _sent.Reader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted && !read.IsCanceled);
        }
        catch (Exception failure)
        {
            error = ReasonOf(failure);
        }

        // The other loop ends by it; a writer that waits for the client does so as well.
        Shutdown();
        await _sent.Reader.CompleteAsync(error).ConfigureAwait(false);
        _received.Writer.CancelPendingFlush();
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Socket.SendAsync(bytes).ConfigureAwait(false)..];
        }
    }

    private void Shutdown()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client has closed the connection, or both loops have ended.
        }
    }

    // What Kestrel expects of a transport: it logs a reset of the client as no error.
    private Exception ReasonOf(Exception failure) => failure switch
    {
        _ when _abortReason is { } reason => reason,
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted } =>
            new ConnectionResetException(failure.Message, failure),
        _ => new ConnectionAbortedException(failure.Message, failure),
    };
}
