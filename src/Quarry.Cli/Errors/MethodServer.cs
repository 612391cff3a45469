using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Profiles.Recording;

namespace Quarry.Cli.Errors;

/// <summary>
/// Reads the methods of .NET processes that have reported an error, while they wait: the error may be their
/// end. Ends when disposed.
/// </summary>
/// <remarks>
/// A process connects, and goes on when the connection is closed. Nothing is sent.
/// </remarks>
internal sealed class MethodServer : IDisposable
{
    // SOL_SOCKET and SO_PEERCRED, of which the result begins with the process ID.
    private const int SocketLevel = 1, PeerCredentials = 17, CredentialBytes = 12;

    private readonly Dictionary<int, RuntimeEvents> _processes = [];
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread? _thread;

    /// <summary>Starts serving at a path; a path that is too long for a socket has no server.</summary>
    internal MethodServer(string path)
    {
        try
        {
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _listener.Listen();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or SocketException)
        {
            return;
        }

        _thread = new Thread(Serve) { IsBackground = true, Name = "methods" };
        _thread.Start();
    }

    /// <summary>Gets the methods of a process; call it when the server was disposed.</summary>
    internal IEnumerable<ManagedMethod> MethodsOf(int process) =>
        _processes.TryGetValue(process, out RuntimeEvents? events) ? events.Methods() : [];

    public void Dispose()
    {
        // Shutting down, and not only closing, ends a call of accept.
        try
        {
            _listener.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Never bound, or disposed before.
        }

        _listener.Dispose();
        _thread?.Join();
    }

    private void Serve()
    {
        try
        {
            for (; ; )
            {
                using Socket connection = _listener.Accept();
                Read(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Read(Socket connection)
    {
        byte[] credentials = new byte[CredentialBytes];
        _ = connection.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        int process = BitConverter.ToInt32(credentials);

        if (!_processes.TryGetValue(process, out RuntimeEvents? events))
        {
            events = new RuntimeEvents();
            _processes.Add(process, events);
        }

        try
        {
            _ = Rundown.TryRead(process, events);
        }
        catch (IOException)
        {
            // The process was killed.
        }
    }
}
