using System.Runtime;
using Quarry.Testing;

namespace Quarry.Freestanding.Tests;

/// <summary>Runs a check of the conformance kit on an allocator, without a runtime.</summary>
/// <remarks>Building blocks are tested over pages, which support any size and reuse freed memory.</remarks>
internal unsafe struct Conformance
{
    private const uint BufferSize = 64 << 20, MaxPooled = 512, PoolAlignment = 64, RingSize = 1 << 10;

    private readonly ConformanceCheck _check;
    private readonly FixedBuffer _buffer;
    private ConformanceOptions _options = new();
    private Violation _found = default;

    private Conformance(ConformanceCheck check, FixedBuffer buffer)
    {
        _check = check;
        _buffer = buffer;
    }

    /// <summary>Runs the check on a new allocator.</summary>
    /// <returns>
    /// 1 if the check ran, with its result in the violation; 0 if the allocator could not be created.
    /// </returns>
    [RuntimeExport("check_conformance")]
    public static int Check(int subject, int check, Violation* found)
    {
        void* memory = Os.Map(BufferSize);
        if (!FixedBuffer.TryCreate(memory, BufferSize, out FixedBuffer buffer))
        {
            return 0;
        }

        var conformance = new Conformance((ConformanceCheck)check, buffer);
        bool ran = conformance.OnBlocks((Subject)subject) || conformance.OnBuildingBlocks((Subject)subject);
        *found = conformance._found;
        Os.Unmap(memory, BufferSize);
        return ran ? 1 : 0;
    }

    private bool OnBlocks(Subject subject) => subject switch
    {
        Subject.FixedBuffer => On(_buffer, _buffer.CapacityBytes),
        Subject.Bump => Bump<Local>.TryCreate(out Bump<Local> bump) && On(bump, bump.CapacityBytes),
        Subject.SharedBump => Bump<Shared>.TryCreate(out Bump<Shared> bump) && On(bump, bump.CapacityBytes),
        Subject.PageAllocator => On(new PageAllocator()),
        Subject.Arena => Arena.TryCreate(new ArenaOptions(), out Arena arena) && On(arena),
        _ => false,
    };

    private bool OnBuildingBlocks(Subject subject)
    {
        var pages = new PageAllocator();
        return subject switch
        {
            Subject.Pool => OnPool(pages),
            Subject.FreeList => FreeList<PageAllocator>.TryCreate(pages, 33, 96, 8, out var list) && On(list),
            Subject.Bucketize =>
                Bucketize<PageAllocator, PowersOfTwo>.TryCreate(pages, 1, 4096, 8, out var buckets)
                && On(buckets),
            Subject.Segregate => On(new Segregate<PageAllocator, PageAllocator, Bytes.Of256>(pages, pages)),
            Subject.Fallback => Fallback<FixedBuffer, PageAllocator>.TryCreate(_buffer, pages, out var parts)
                && On(parts),
            Subject.StackFront => OnStackFront(pages),
            Subject.Quantize => On(new Quantize<PageAllocator, FourPerDoubling>(pages)),
            Subject.Affix => On(new Affix<PageAllocator, long, uint>(pages)),
            Subject.Sized => On(new Sized<PageAllocator>(pages)),
            Subject.Limited => Limited<PageAllocator>.TryCreate(pages, BufferSize, default, out var limited)
                && On(limited, BufferSize),
            Subject.Failing => Failing<PageAllocator>.TryCreate(pages, out var failing) && On(failing),
            Subject.Hooked => Hooked<PageAllocator>.TryCreate(pages, default, out var hooked) && On(hooked),
            Subject.Synchronized =>
                Synchronized<PageAllocator>.TryCreate(pages, out var guarded) && On(guarded),
            Subject.Counting => Counting<PageAllocator>.TryCreate(pages, out var counting) && On(counting),
            Subject.CountingBySize => CountingBySize<PageAllocator>.TryCreate(pages, out var counting)
                && On(counting),
            Subject.Tracing =>
                TraceRing.TryCreate(RingSize, TraceOverflow.OverwriteOldest, out TraceRing ring)
                && On(new Tracing<PageAllocator>(pages, ring)),
            _ => false,
        };
    }

    private bool OnPool(PageAllocator pages)
    {
        _options.MaxSize = MaxPooled;
        _options.MaxAlignment = PoolAlignment;
        return Layout.TryCreate(MaxPooled, PoolAlignment, out Layout block)
            && Pool<PageAllocator>.TryCreate(pages, block, nuint.MaxValue, out Pool<PageAllocator> pool)
            && On(pool);
    }

    private bool OnStackFront(PageAllocator pages)
    {
        const int Size = 8 << 10;
        byte* memory = stackalloc byte[Size];
        return StackFront<PageAllocator>.TryCreate(pages, memory, Size, out StackFront<PageAllocator> front)
            && On(front);
    }

    private bool On<TAllocator>(TAllocator allocator, nuint capacity) where TAllocator : unmanaged, IAllocator
    {
        _options.Capacity = capacity;
        return On(allocator);
    }

    private bool On<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        _found = DeterministicChecks.Run(_check, allocator, _options);

        // Dispose is for managed callers.
        allocator.DeallocateAll();
        return true;
    }
}
