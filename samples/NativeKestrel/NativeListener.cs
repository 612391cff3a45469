using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace NativeKestrel;

/// <summary>Accepts connections whose buffers come from a pool.</summary>
internal sealed class NativeListener(Socket socket, MemoryPool<byte> pool) : IConnectionListener
{
    public EndPoint EndPoint => socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return new NativeConnection(await socket.AcceptAsync(cancellationToken), pool);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
        {
            // Unbound: there will be no more.
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    // Kestrel calls it when all connections are done.
    public ValueTask DisposeAsync()
    {
        pool.Dispose();
        return ValueTask.CompletedTask;
    }
}
