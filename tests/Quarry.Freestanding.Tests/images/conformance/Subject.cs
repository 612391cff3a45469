namespace Quarry.Freestanding.Tests;

/// <summary>The allocators that are tested in the image.</summary>
internal enum Subject
{
    FixedBuffer,
    Bump,
    SharedBump,
    PageAllocator,
    Arena,
    Pool,
    FreeList,
    Bucketize,
    Segregate,
    Fallback,
    StackFront,
    Quantize,
    Affix,
    Sized,
    Limited,
    Failing,
    Hooked,
    Synchronized,
    Counting,
    CountingBySize,
    Tracing,
}
