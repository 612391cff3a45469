namespace Quarry.Malloc;

/// <summary>The controls of heap profiling, <c>prof.*</c>.</summary>
internal static unsafe class ProfNodes
{
    private const nuint LargestLog2 = 63;

    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("prof.thread_active_init"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? !node.Writes ? node.Return(JemallocProfile.StartsThreadsActive)
            : !JemallocProfile.IsStarted ? OffError(node.Input)
            : SetThreadsActive(node.Input != 0)
            : 0,
        1 => node.Is("prof.active"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? !node.Writes ? node.Return(JemallocProfile.IsActive)
            : !JemallocProfile.IsStarted ? OffError(node.Input)
            : JemallocProfile.TrySetActive(node.Input != 0) ? MallctlError.None : MallctlError.TryAgain
            : 0,
        2 => node.Is("prof.gdump"u8, MallctlType.Boolean, MallctlAccess.ReadWrite)
            ? !node.Writes ? node.Return(ProfileDumps.DumpsPeaks)
            : !JemallocProfile.IsStarted ? OffError(node.Input)
            : SetDumpsPeaks(node.Input != 0)
            : 0,
        3 => node.Is("prof.interval"u8) ? node.Return(ProfileDumps.IntervalBytes) : 0,
        4 => node.Is("prof.lg_sample"u8) ? node.Return((nuint)JemallocProfile.Log2Sample) : 0,
        5 => node.Is("prof.dump"u8, MallctlType.Word, IfStarted(MallctlAccess.Command))
            ? ProfileDumps.TryWriteRequested((byte*)node.Input) ? MallctlError.None : MallctlError.Fault
            : 0,
        6 => node.Is("prof.prefix"u8, MallctlType.Word, IfStarted(MallctlAccess.Write))
            ? node.Input != 0 && DumpPrefix.TrySet(CText.Span((byte*)node.Input))
                ? MallctlError.None
                : MallctlError.Fault
            : 0,
        7 => node.Is("prof.reset"u8, MallctlType.Word, IfStarted(MallctlAccess.Command))
            ? Reset(ref node)
            : 0,
        8 => node.Is("prof.stats.bins.#.live"u8, MallctlType.Void, IfCounted())
            ? ProfileSizes.ReadLive(ref node, 0)
            : 0,
        9 => node.Is("prof.stats.bins.#.accum"u8, MallctlType.Void, IfCounted())
            ? ProfileSizes.ReadAll(ref node, 0)
            : 0,
        10 => node.Is("prof.stats.lextents.#.live"u8, MallctlType.Void, IfCounted())
            ? ProfileSizes.ReadLive(ref node, SizeClasses.BinCount)
            : 0,
        11 => node.Is("prof.stats.lextents.#.accum"u8, MallctlType.Void, IfCounted())
            ? ProfileSizes.ReadAll(ref node, SizeClasses.BinCount)
            : 0,
        _ => node.End(),
    };

    /// <summary>A switch of the calling thread, <c>thread.prof.active</c>.</summary>
    internal static int ThreadActive(ref MallctlNode node)
    {
        if (!JemallocProfile.IsStarted)
        {
            return node.Writes ? MallctlError.NotFound : node.Return(false);
        }

        byte frame;
        ThreadRecord* thread = JemallocProfile.Enter(&frame);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        thread->IsMuted = node.Writes ? node.Input == 0 : thread->IsMuted;
        bool active = !thread->IsMuted;
        JemallocProfile.Exit();
        return node.Return(active);
    }

    /// <summary>The name of the calling thread in dumps, <c>thread.prof.name</c>.</summary>
    internal static int ThreadLabel(ref MallctlNode node)
    {
        byte* name = (byte*)node.Input;
        if (node.Writes && (name == null || !IsPrintable(name)))
        {
            return MallctlError.Fault;
        }

        byte frame;
        ThreadRecord* thread = JemallocProfile.Enter(&frame);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (node.Writes)
        {
            int length = 0;
            for (; name[length] != 0 && length < ThreadRecord.LabelCapacity - 1; length++)
            {
                thread->Label[length] = name[length];
            }

            thread->Label[length] = 0;
        }

        JemallocProfile.Exit();
        return node.ReturnText(thread->Label);
    }

    /// <summary>The access to a control that exists only while profiling is on.</summary>
    internal static MallctlAccess IfStarted(MallctlAccess access) =>
        JemallocProfile.IsStarted ? access : MallctlAccess.Unavailable;

    private static MallctlAccess IfCounted() =>
        ProfileSizes.IsOn ? MallctlAccess.Buffers : MallctlAccess.Unavailable;

    private static bool IsPrintable(byte* text)
    {
        for (; *text != 0; text++)
        {
            if (*text is not ((>= (byte)' ' and <= (byte)'~') or (byte)'\t'))
            {
                return false;
            }
        }

        return true;
    }

    private static int OffError(nuint input) => input != 0 ? MallctlError.NotFound : MallctlError.None;

    private static int SetThreadsActive(bool active)
    {
        JemallocProfile.StartsThreadsActive = active;
        return MallctlError.None;
    }

    private static int SetDumpsPeaks(bool value)
    {
        ProfileDumps.SetDumpsPeaks(value);
        return MallctlError.None;
    }

    private static int Reset(ref MallctlNode node)
    {
        nuint log2Sample = node.Writes ? node.Input : (nuint)JemallocProfile.Log2Sample;
        log2Sample = log2Sample < LargestLog2 ? log2Sample : LargestLog2;
        return JemallocProfile.TryReset((int)log2Sample) ? MallctlError.None : MallctlError.TryAgain;
    }
}
