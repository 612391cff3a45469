namespace Quarry;

/// <summary>Observes a random sample of the blocks of a heap.</summary>
/// <remarks>
/// <para>
/// Each byte that is allocated is chosen with the probability 1 / <see cref="Interval"/>, independently of
/// all others; a block is sampled if one of its bytes is chosen: with the probability <c>p = 1 - exp(-usable
/// / Interval)</c>. So a sampled block stands for 1/p blocks.
/// </para>
/// <para>
/// <see cref="HeapState.SetSampler"/> installs a sampler. To change the interval, replace the value at the
/// same address, and install it again. A recorded block is reported when it is resized and freed even after
/// sampling has ended; if another sampler was installed meanwhile, to that one, which therefore must
/// understand the records.
/// </para>
/// <para>
/// The functions may be called by several threads at once, and in signal handlers; they must not use the
/// heap.
/// </para>
/// </remarks>
/// <param name="interval">The mean number of bytes between two chosen ones; at least 1.</param>
/// <param name="sampled">
/// Called after a sampled block was allocated, with the sampler, the block, the size requested and the usable
/// size. Returns a record that the heap keeps with the block, which may be any number above 1; null if the
/// block is not recorded.
/// </param>
/// <param name="resized">
/// Called after a recorded block was resized without being copied, with the sampler, the record, the new size
/// requested and the new usable size. A huge block may have another address then. Growth adds bytes that may
/// be chosen, and shrinking does not undo a choice: the probability with which the block was sampled is that
/// of its usable size when it was reported, plus the bytes of each growth since.
/// </param>
/// <param name="freed">Called before a recorded block is freed, with the sampler and the record.</param>
internal readonly unsafe struct HeapSampler(
    nuint interval,
    delegate*<HeapSampler*, void*, nuint, nuint, void*> sampled,
    delegate*<HeapSampler*, void*, nuint, nuint, void> resized,
    delegate*<HeapSampler*, void*, void> freed)
{
    internal readonly nuint Interval = interval;

    internal readonly delegate*<HeapSampler*, void*, nuint, nuint, void*> Sampled = sampled;

    internal readonly delegate*<HeapSampler*, void*, nuint, nuint, void> Resized = resized;

    internal readonly delegate*<HeapSampler*, void*, void> Freed = freed;
}
