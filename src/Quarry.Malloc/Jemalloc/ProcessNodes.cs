using System;

namespace Quarry.Malloc;

/// <summary>The controls of the whole process.</summary>
internal static unsafe class ProcessNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("version"u8) ? node.ReturnText(Version) : 0,
        1 => node.Is("epoch"u8, MallctlType.Word, MallctlAccess.WriteThenRead) ? Epoch(ref node) : 0,
        2 => node.Is("background_thread"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? Background(ref node)
            : 0,
        3 => node.Is("tcache.create"u8, MallctlType.Unsigned, MallctlAccess.MustRead)
            ? ExplicitCaches.TryCreate(out int id) ? node.Return((nuint)id) : MallctlError.Fault
            : 0,
        4 => node.Is("tcache.flush"u8, MallctlType.Unsigned, MallctlAccess.Write)
            ? ExplicitCaches.TryFlush((int)node.Input) ? MallctlError.None : MallctlError.Fault
            : 0,
        5 => node.Is("tcache.destroy"u8, MallctlType.Unsigned, MallctlAccess.Write)
            ? ExplicitCaches.TryDestroy((int)node.Input) ? MallctlError.None : MallctlError.Fault
            : 0,
        6 => node.Is("max_background_threads"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? !node.Writes ? node.Return(BackgroundOptions.Most)
            : BackgroundOptions.TrySetMost(node.Input) ? MallctlError.None
            : MallctlError.InvalidArgument
            : 0,
        _ => node.End(),
    };

    /// <summary>
    /// The version of jemalloc whose controls these are, in the form that programs parse: the release, and
    /// the hash of its commit.
    /// </summary>
    internal static ReadOnlySpan<byte> Version =>
        "5.3.1-0-g81034ce1f1373e37dc865038e1bc8eeecf559ce8\0"u8;

    private static int Epoch(ref MallctlNode node)
    {
        bool computed = node.Writes ? Snapshots.Refresh() : Snapshots.Merged() != null;
        return computed ? node.Return(Snapshots.Epoch) : MallctlError.TryAgain;
    }

    private static int Background(ref MallctlNode node)
    {
        if (!node.Writes)
        {
            return node.Return(BackgroundThread.IsRunning);
        }

        if (node.Input != 0)
        {
            return BackgroundThread.TryStart() ? MallctlError.None : MallctlError.Fault;
        }

        BackgroundThread.Stop();
        return MallctlError.None;
    }
}
