global using System.Buffers;
global using System.IO.Pipelines;
global using System.Net.Sockets;
global using System.Text.Json;
global using static Prelude;

internal static class Prelude
{
    internal static readonly Heap heap = Heap.Create();
    internal static readonly NativeMemoryPool<byte, Heap> pool = new(heap);
    internal static readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
    internal static readonly int[] order = [1, 2];
}
