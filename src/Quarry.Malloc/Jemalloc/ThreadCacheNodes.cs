using System;

namespace Quarry.Malloc;

/// <summary>The limits of the calling thread's free lists, <c>thread.tcache.*</c>.</summary>
internal static unsafe class ThreadCacheNodes
{
    // As in jemalloc; the zero at the end included.
    private const int LongestText = 1000;

    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("thread.tcache.max"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? Largest(ref node)
            : 0,
        1 => node.Is(
            "thread.tcache.ncached_max.read_sizeclass"u8, MallctlType.Void, MallctlAccess.Buffers)
            ? ReadLimit(ref node)
            : 0,
        2 => node.Is("thread.tcache.ncached_max.write"u8, MallctlType.Word, MallctlAccess.Write)
            ? node.Writes ? WriteLimits((byte*)node.Input) : MallctlError.None
            : 0,
        _ => node.End(),
    };

    private static int Largest(ref MallctlNode node)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (node.Writes)
        {
            nuint most = SmallSizes<Geometry>.MaxSize;
            ListLimits.SetLast(thread, SmallSizes<Geometry>.ClassOf(node.Input < most ? node.Input : most));
            HeapUpkeep.Flush(thread);
        }

        return node.Return(SmallSizes<Geometry>.SizeOf(ListLimits.LastOf(thread)));
    }

    private static int ReadLimit(ref MallctlNode node)
    {
        nuint size;
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (!node.TryLoadNew(&size, (nuint)sizeof(nuint)) || size > SmallSizes<Geometry>.MaxSize)
        {
            return MallctlError.InvalidArgument;
        }

        int sizeClass = SmallSizes<Geometry>.ClassOf(size);
        nuint limit = ListLimits.Of(thread, sizeClass), slab = SizeClasses.SlabBlocks((nuint)sizeClass);
        nuint blocks = thread->Uncached || sizeClass > ListLimits.LastOf(thread) ? 0
            : limit != 0 && limit < slab ? limit
            : slab;
        return node.StoreOld(&blocks, (nuint)sizeof(nuint));
    }

    private static int WriteLimits(byte* settings)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (thread->Uncached || settings == null)
        {
            return thread->Uncached ? MallctlError.NotFound : MallctlError.InvalidArgument;
        }

        int length = 0;
        while (settings[length] != 0)
        {
            if (++length == LongestText)
            {
                return MallctlError.InvalidArgument;
            }
        }

        // All of them are checked before the first is set.
        ReadOnlySpan<byte> text = new(settings, length);
        if (!TryApply(thread, text, sets: false))
        {
            return MallctlError.InvalidArgument;
        }

        _ = TryApply(thread, text, sets: true);
        HeapUpkeep.Flush(thread);
        return MallctlError.None;
    }

    /// <summary>Checks or applies settings: <c>FIRST-LAST:BLOCKS</c>, separated by bars.</summary>
    private static bool TryApply(ThreadHeap* thread, ReadOnlySpan<byte> text, bool sets)
    {
        nuint most = SmallSizes<Geometry>.MaxSize;
        while (!text.IsEmpty)
        {
            int bar = text.IndexOf((byte)'|');
            ReadOnlySpan<byte> part = text.Slice(0, bar < 0 ? text.Length : bar);
            text = bar < 0 ? default : text.Slice(bar + 1);
            int dash = part.IndexOf((byte)'-'), colon = part.IndexOf((byte)':');
            if (dash < 0 || colon < dash || (bar >= 0 && text.IsEmpty)
                || !ConfNumber.TryParse(part.Slice(0, dash), out ulong first)
                || !ConfNumber.TryParse(part.Slice(dash + 1, colon - dash - 1), out ulong last)
                || !ConfNumber.TryParse(part.Slice(colon + 1), out ulong blocks)
                || first > last)
            {
                return false;
            }

            if (sets && first <= most)
            {
                int to = SmallSizes<Geometry>.ClassOf(last < most ? (nuint)last : most);
                ListLimits.Set(thread, SmallSizes<Geometry>.ClassOf((nuint)first), to, (nuint)blocks);
            }
        }

        return true;
    }
}
