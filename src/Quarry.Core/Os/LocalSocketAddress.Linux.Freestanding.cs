namespace Quarry;

/// <summary>The kernel's <c>struct sockaddr_un</c>.</summary>
internal unsafe struct LocalSocketAddress
{
    /// <summary>The size of the path, with the zero byte.</summary>
    internal const int PathBytes = 108;

    /// <summary>The address family.</summary>
    public ushort Family;

    /// <summary>The path, zero-terminated.</summary>
    public fixed byte Path[PathBytes];
}
