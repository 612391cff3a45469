using System.Runtime;

namespace Quarry;

/// <content>The check in an image, which lives in programs of any kind.</content>
public static unsafe partial class StandardError
{
    // No file has it: the identity of an open one is odd.
    private const ulong Closed = 2;

    /// <summary>What the descriptor was when the image was loaded; 0 if that is not recorded.</summary>
    private static ulong s_identity;

    /// <summary>
    /// Records what the descriptor is. The entry stubs of an image have it called when the image is loaded,
    /// before the program can close anything; in other images the first message does.
    /// </summary>
    [RuntimeExport("quarry_record_standard_error")]
    internal static void Record()
    {
        ulong identity = Os.FileIdentity(Descriptor, out _);
        // One word and one value: a thread sees none or the recorded one, and the first one stays.
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
