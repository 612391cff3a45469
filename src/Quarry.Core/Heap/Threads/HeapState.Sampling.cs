namespace Quarry;

/// <content>Installs a sampler.</content>
internal unsafe partial struct HeapState
{
    /// <summary>
    /// Installs a sampler, replacing the current one, or applies an interval that it has changed; null ends
    /// sampling.
    /// </summary>
    /// <remarks>
    /// Each thread follows at its next slow path, and returns its free lists then, so that no block in them
    /// passes. The blocks that it allocates before that are not sampled; the lists hold at most one page of
    /// each class. The sampler must stay valid as long as the heap: blocks that it has recorded are reported
    /// to it also after sampling ended.
    /// </remarks>
    internal static void SetSampler(HeapState* heap, HeapSampler* sampler)
    {
        ulong interval = 0;
        if (sampler != null)
        {
            SampleDraw.Seed(heap);
            interval = sampler->Interval == 0 ? 1 : sampler->Interval;
            interval = interval > SampleDraw.MaxInterval ? SampleDraw.MaxInterval : interval;

            // Before the interval: a thread that reads an interval also reads a sampler.
            Atomic.Write(ref *(nuint*)&heap->Sampler, (nuint)sampler);
        }

        Atomic.Write(ref heap->SampleInterval, (nuint)interval);

        // After the interval: a thread that reads the new version also reads the new interval. Pairs with
        // ThreadLifetime.Update.
        _ = Atomic.Add(ref heap->Backend.Version, 1);
    }
}
