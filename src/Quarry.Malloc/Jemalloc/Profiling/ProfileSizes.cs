namespace Quarry.Malloc;

/// <summary>
/// The sampled blocks by size class, <c>prof.stats.*</c>, while the option <c>prof_stats</c> is set.
/// </summary>
/// <remarks>As in jemalloc, they are figures of the samples, not of what these stand for.</remarks>
internal static unsafe class ProfileSizes
{
    // One entry for each bin and each large class; mapped by the first sample.
    private static nuint s_classes;

    private static nuint Bytes => Layout.AlignUp(
        (nuint)(SizeClasses.BinCount + LargeSteps.Count) * (nuint)sizeof(Entry), Os.PageSize);

    /// <summary>Gets a value that indicates whether the figures exist.</summary>
    internal static bool IsOn => JemallocProfile.IsStarted && ProfOptions.CountsSizes;

    /// <summary>Counts a sample.</summary>
    internal static void Count(nuint size, nuint usable)
    {
        Entry* classes = Classes();
        if (classes != null)
        {
            _ = Atomic.Add(ref classes[IndexOf(usable)].Bytes, size);
            _ = Atomic.Add(ref classes[IndexOf(usable)].Count, 1);
        }
    }

    /// <summary>Returns the samples that were ever taken of a class.</summary>
    /// <param name="node">The control.</param>
    /// <param name="first">The index of the first bin or large class.</param>
    internal static int ReadAll(ref MallctlNode node, int first)
    {
        Entry* classes = (Entry*)Atomic.Read(ref s_classes);
        Entry entry = classes == null ? default : classes[first + (int)node.First];
        return Store(ref node, entry);
    }

    /// <summary>Returns the samples of a class that are in use.</summary>
    /// <param name="node">The control.</param>
    /// <param name="first">The index of the first bin or large class.</param>
    internal static int ReadLive(ref MallctlNode node, int first)
    {
        byte frame;
        if (JemallocProfile.Enter(&frame) == null)
        {
            return MallctlError.TryAgain;
        }

        LiveSample* samples = SampledRecorder.CopyLive(JemallocProfile.Recorder, out nuint count);
        JemallocProfile.Exit();
        if (samples == null)
        {
            return MallctlError.TryAgain;
        }

        Entry entry = default;
        for (nuint at = 0; at < count; at++)
        {
            if (IndexOf(samples[at].Usable) == first + (int)node.First)
            {
                entry.Bytes += samples[at].Size;
                entry.Count++;
            }
        }

        Os.Unmap(samples, LiveSample.MappedBytes(count));
        return Store(ref node, entry);
    }

    private static int Store(ref MallctlNode node, Entry entry) =>
        node.NewBuffer != null || node.NewLength != 0
            ? MallctlError.NotPermitted
            : node.StoreOld(&entry, (nuint)sizeof(Entry));

    private static int IndexOf(nuint usable) => usable <= SmallSizes<Geometry>.MaxSize
        ? SmallSizes<Geometry>.ClassOf(usable)
        : SizeClasses.BinCount + LargeSteps.IndexOf(usable);

    private static Entry* Classes()
    {
        if (Atomic.Read(ref s_classes) == 0)
        {
            void* classes = Os.Map(Bytes);
            if (classes != null && !Atomic.TryReplace(ref s_classes, 0, (nuint)classes))
            {
                Os.Unmap(classes, Bytes);
            }
        }

        return (Entry*)Atomic.Read(ref s_classes);
    }

    /// <summary>The figures of a class, in the form that programs read.</summary>
    private struct Entry
    {
        public nuint Bytes;
        public nuint Count;
    }
}
