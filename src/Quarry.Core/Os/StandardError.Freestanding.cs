using System.Runtime;

namespace Quarry;

/// <content>The check in an image, which may be loaded into any program.</content>
public static unsafe partial class StandardError
{
    // No open file has this identity, since identities are odd.
    private const ulong Closed = 2;

    /// <summary>The identity of the descriptor when the image was loaded; 0 until it is recorded.</summary>
    private static ulong s_identity;

    /// <summary>
    /// Records the identity of the descriptor. The entry stubs of an image call this when the image is
    /// loaded, before the program can close the descriptor; in images without that entry, the first message
    /// does.
    /// </summary>
    [RuntimeExport("quarry_record_standard_error")]
    internal static void Record()
    {
        ulong identity = Os.FileIdentity(Descriptor, out _);
        // The first recorded value stays, so a thread reads either 0 or that value.
        _ = Atomic.TryReplace(ref s_identity, 0, identity == 0 ? Closed : identity);
    }

    private static partial bool IsStandardError()
    {
        if (Atomic.Read(ref s_identity) == 0)
        {
            Record();
        }

        ulong identity = Os.FileIdentity(Descriptor, out bool appends);
        return appends || identity == Atomic.Read(ref s_identity);
    }
}
