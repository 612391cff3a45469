using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Quarry.AspNetCore;

/// <summary>Listens for Kestrel at the endpoints that its own transport of sockets listens at.</summary>
/// <remarks>
/// Kestrel's own transport sends a response of several buffers in one call, which needs buffers that are
/// arrays: with others it throws "Buffer backed by array was expected". This one sends them one by one.
/// </remarks>
internal sealed class NativeTransportFactory(
    IMemoryPoolFactory<byte> pools, IOptions<SocketTransportOptions> options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) =>
        endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        SocketTransportOptions settings = options.Value;
        Socket socket;
        try
        {
            socket = settings.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(error.Message, error);
        }

        socket.Listen(settings.Backlog);
        MemoryPoolOptions owner = new() { Owner = nameof(NativeTransportFactory) };
        return ValueTask.FromResult<IConnectionListener>(
            new NativeConnectionListener(socket, pools.Create(owner), settings));
    }
}
