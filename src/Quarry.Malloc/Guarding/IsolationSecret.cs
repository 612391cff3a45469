namespace Quarry.Malloc;

/// <summary>The number from which an isolated heap derives its canaries and its order.</summary>
internal static unsafe class IsolationSecret
{
    /// <summary>Returns a number that is different in each process.</summary>
    internal static ulong Create()
    {
        ulong secret = 0;
        if (!Os.Linux.TryGetRandom(&secret, sizeof(ulong)))
        {
            // An old kernel, or a sandbox. The system randomizes addresses to some extent.
            secret = Os.Nanoseconds() ^ ((ulong)(nuint)(&secret) << 20) ^ ((ulong)Os.ProcessId() << 40);
        }

        return secret;
    }
}
