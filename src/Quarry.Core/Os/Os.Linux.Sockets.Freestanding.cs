namespace Quarry;

/// <content>Local sockets, in an image for Linux.</content>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        private const int LocalFamily = 1, StreamSocket = 1, SocketCloseOnExec = 0x80000;
        private const int SocketLevel = 1, ReceiveTimeout = 20;

        /// <summary>
        /// Connects to a server at a path, and waits until it closes the connection, or for some time.
        /// </summary>
        /// <param name="path">The path, zero-terminated.</param>
        /// <param name="seconds">The longest time to wait.</param>
        /// <returns>False if there is no server, or it did not close the connection in time.</returns>
        internal static bool TryAwaitServer(byte* path, nuint seconds)
        {
            LocalSocketAddress address = default;
            address.Family = LocalFamily;
            nuint length = 0;
            while (path[length] != 0 && length < LocalSocketAddress.PathBytes - 1)
            {
                address.Path[length] = path[length];
                length++;
            }

            nint descriptor = path[length] != 0
                ? -1
                : SystemCall(CallSocket, LocalFamily, StreamSocket | SocketCloseOnExec, 0, 0, 0, 0);
            if (descriptor < 0)
            {
                return false;
            }

            TimeSpec limit = new() { Seconds = (nint)seconds };
            byte answer;
            bool answered = SystemCall(
                    CallSetsockopt, descriptor, SocketLevel, ReceiveTimeout, (nint)(&limit),
                    sizeof(TimeSpec), 0) == 0
                && SystemCall(
                    CallConnect, descriptor, (nint)(&address), sizeof(LocalSocketAddress), 0, 0, 0) == 0
                && Read(descriptor, &answer, 1) == 0;
            Close(descriptor);
            return answered;
        }
    }
}
