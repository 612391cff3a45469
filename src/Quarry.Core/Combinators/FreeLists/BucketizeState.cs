namespace Quarry;

/// <summary>The state of a <see cref="Bucketize{TInner, TSteps}"/>.</summary>
internal unsafe struct BucketizeState
{
    /// <summary>The maximum number of buckets: with them, a state and its header take 1 KiB.</summary>
    internal const int MaxBuckets = 63;

    private const int BucketWords = 2;

#pragma warning disable CS0649 // accessed as buckets
    private fixed ulong _words[MaxBuckets * BucketWords];
#pragma warning restore CS0649

    internal static FreeBlockList* BucketAt(BucketizeState* state, nuint index) =>
        (FreeBlockList*)state->_words + index;
}
