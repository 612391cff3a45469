using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace NativeKestrel;

/// <summary>A connection whose bytes are received into buffers of a pool, and sent from them.</summary>
internal sealed class NativeConnection : DefaultConnectionContext, IDuplexPipe, IMemoryPoolFeature
{
    private readonly CancellationTokenSource _closed = new();
    private readonly NetworkStream _stream;

    public NativeConnection(Socket socket, MemoryPool<byte> pool)
        : base(Guid.NewGuid().ToString("N"))
    {
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(pool, leaveOpen: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(pool, leaveOpen: true));
        MemoryPool = pool;
        Transport = this;
        ConnectionClosed = _closed.Token;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;

        // Here Kestrel finds the pool for what it writes itself.
        Features.Set<IMemoryPoolFeature>(this);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public MemoryPool<byte> MemoryPool { get; }

    public override void Abort(ConnectionAbortedException abortReason) => _stream.Close();

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        await _stream.DisposeAsync();
        await _closed.CancelAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }
}
