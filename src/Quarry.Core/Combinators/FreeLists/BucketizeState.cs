namespace Quarry;

/// <summary>What a <see cref="Bucketize{TInner, TSteps}"/> keeps.</summary>
internal unsafe struct BucketizeState
{
    /// <summary>As many buckets as fit a state of 2 KiB.</summary>
    internal const int MaxBuckets = 60;

    private const int BucketWords = 4;

    /// <summary>
    /// The number of the step that the first bucket serves; it serves all smaller sizes as well.
    /// </summary>
    public nuint FirstStep;

    /// <summary>The largest size that has a bucket.</summary>
    public nuint MaxSize;

    /// <summary>The number of buckets.</summary>
    public nuint Count;

#pragma warning disable CS0649 // read as buckets
    private fixed ulong _words[MaxBuckets * BucketWords];
#pragma warning restore CS0649

    internal static FreeBlockList* BucketOf(BucketizeState* state, nuint index) =>
        (FreeBlockList*)state->_words + index;
}
