using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace NativeKestrel;

/// <summary>Sockets for Kestrel that take memory of any kind.</summary>
/// <remarks>
/// Kestrel's own transport sends a response of several buffers in one call, which needs buffers that are
/// arrays: "Buffer backed by array was expected". This one sends them one after the other.
/// </remarks>
internal sealed class NativeTransport(IMemoryPoolFactory<byte> pools) : IConnectionListenerFactory
{
    private const int Backlog = 512;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(endpoint);
        socket.Listen(Backlog);
        MemoryPool<byte> pool = pools.Create(new MemoryPoolOptions { Owner = nameof(NativeTransport) });
        return ValueTask.FromResult<IConnectionListener>(new NativeListener(socket, pool));
    }
}
