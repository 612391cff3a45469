using System;
using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Quarry.AspNetCore;

/// <summary>Accepts connections whose buffers come from a pool.</summary>
internal sealed class NativeConnectionListener(
    Socket socket, MemoryPool<byte> pool, SocketTransportOptions options) : IConnectionListener
{
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                Socket accepted = await socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (accepted.LocalEndPoint is IPEndPoint)
                {
                    accepted.NoDelay = options.NoDelay;
                }

                NativeConnection connection = new(accepted, pool, options);
                connection.Start();
                return connection;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
            {
                // Unbound: there will be no more.
                return null;
            }
            catch (SocketException)
            {
                // The client was gone before its connection was accepted.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    // Kestrel calls it when all connections are closed. Buffers that are in use all the same stay valid.
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        pool.Dispose();
        return ValueTask.CompletedTask;
    }
}
