using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the heap of the modes that check blocks: layout, reuse, and the errors it finds.</summary>
public sealed unsafe class IsolatedHeapTests
{
    [ThreadStatic]
    private static List<(GuardError Error, nuint Address, nuint Block)>? s_errors;

    private readonly List<(GuardError Error, nuint Address, nuint Block)> _errors = s_errors = [];

    [Fact]
    public void Blocks_of_all_sizes_are_aligned_distinct_and_of_the_size_requested()
    {
        IsolatedHeap* heap = Create(randomizes: true);
        List<(nuint Start, nuint End)> blocks = [];
        foreach (nuint size in (nuint[])[0, 1, 15, 16, 17, 100, 1000, 8192, 50_000, 65_528, 65_529, 100_000])
        {
            foreach (nuint alignment in (nuint[])[1, 16, 64, 4096, 65_536, 1 << 21])
            {
                byte* block = Allocate(heap, size, alignment);
                Assert.Equal(0u, (nuint)block % nuint.Max(alignment, 16));
                Assert.Equal(nuint.Max(size, 1), IsolatedHeap.SizeOf(heap, block));
                new Span<byte>(block, (int)nuint.Max(size, 1)).Fill(1);
                blocks.Add(((nuint)block, (nuint)block + size));
            }
        }

        blocks.Sort();
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        foreach ((nuint start, _) in blocks)
        {
            Free(heap, (void*)start);
        }

        IsolatedHeap.Inspect(heap);
        Assert.Empty(_errors);
    }

    [Fact]
    public void Random_requests_find_each_block_as_it_was_left()
    {
        IsolatedHeap* heap = Create(randomizes: true);
        Random random = new(1);
        Dictionary<nuint, (int Size, byte Value)> blocks = [];
        for (int step = 0; step < 60_000; step++)
        {
            if (blocks.Count < 2000 && random.Next(2) == 0)
            {
                int size = random.Next(1, 1 << random.Next(1, 18));
                byte value = (byte)random.Next(1, 256);
                byte* block = Allocate(heap, (nuint)size);
                Assert.True(new Span<byte>(block, size).IndexOfAnyExcept((byte)0) < 0);
                new Span<byte>(block, size).Fill(value);
                blocks.Add((nuint)block, (size, value));
            }
            else if (blocks.Count > 0)
            {
                (nuint address, (int size, byte value)) = blocks.ElementAt(random.Next(blocks.Count));
                Assert.True(new Span<byte>((void*)address, size).IndexOfAnyExcept(value) < 0);
                int smaller = random.Next(1, size + 1);
                if (IsolatedHeap.TryResize(heap, (void*)address, (nuint)smaller))
                {
                    blocks[address] = (smaller, value);
                }
                else
                {
                    Free(heap, (void*)address);
                    _ = blocks.Remove(address);
                }
            }
        }

        IsolatedHeap.Inspect(heap);
        Assert.Empty(_errors);
    }

    [Fact]
    public void Slabs_without_blocks_serve_other_sizes()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        for (int round = 0; round < 8; round++)
        {
            nuint size = (nuint)(16 + (round * 48));
            nuint[] blocks = [.. Enumerable.Range(0, 20_000).Select(_ => (nuint)Allocate(heap, size))];
            foreach (nuint block in blocks)
            {
                Free(heap, (void*)block);
            }
        }

        // All sizes need no more slices than the largest one, each with an inaccessible one behind it.
        nuint largest = 2 * 20_000 * 384 / 65_536;
        Assert.InRange<ulong>(heap->SlicesUsed, largest * 9 / 10, largest * 13 / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damage_behind_and_before_a_block_is_found(bool randomizes)
    {
        IsolatedHeap* heap = Create(randomizes);
        foreach (nuint size in (nuint[])[1, 40, 56, 57, 1000, 60_000])
        {
            byte* block = Allocate(heap, size), next = Allocate(heap, size);
            block[size] = 7;
            Free(heap, block);
            Assert.Equal((GuardError.OverflowFound, (nuint)block, (nuint)block), Assert.Single(_errors));
            _errors.Clear();
            if (!randomizes && size < 60_000)
            {
                next[-1] = 7;
                Free(heap, next);
                Assert.Equal((GuardError.UnderflowFound, (nuint)next, (nuint)next), Assert.Single(_errors));
                _errors.Clear();
            }
        }
    }

    [Fact]
    public void Damage_of_a_block_that_overflows_into_a_freed_one_is_that_of_the_first()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        byte* block = Allocate(heap, 40), next = Allocate(heap, 40);
        new Span<byte>(block + 40, 8).Clear();
        Free(heap, next);
        Assert.Equal(GuardError.OverflowFound, Assert.Single(_errors).Error);
        Assert.Equal((nuint)block, _errors[0].Block);
    }

    [Fact]
    public void A_write_to_a_freed_block_is_found_before_it_is_used_again_and_by_inspection()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        byte* block = Allocate(heap, 100);
        Free(heap, block);
        block[64] = 7;
        IsolatedHeap.Inspect(heap);
        Assert.Equal((GuardError.WriteAfterFree, (nuint)block + 64, (nuint)block), Assert.Single(_errors));
        _errors.Clear();
        for (int round = 0; round < 1000 && _errors.Count == 0; round++)
        {
            byte* other = Allocate(heap, 100);
            Assert.True(new Span<byte>(other, 100).IndexOfAnyExcept((byte)0) < 0);
            Free(heap, other);
        }

        Assert.Equal((GuardError.WriteAfterFree, (nuint)block + 64, (nuint)block), Assert.Single(_errors));
    }

    [Theory]
    [InlineData(48)]
    [InlineData(200_000)]
    public void Wrong_calls_are_reported_and_ignored(int size)
    {
        IsolatedHeap* heap = Create(randomizes: false);
        byte* block = Allocate(heap, (nuint)size);
        Free(heap, block + 16);
        Assert.Equal((GuardError.InvalidFree, (nuint)block + 16, (nuint)block), Assert.Single(_errors));
        _errors.Clear();
        Free(heap, block, new FreeRequest { Size = (nuint)size + 1 });
        Assert.Equal((GuardError.WrongSize, (nuint)block, (nuint)block), Assert.Single(_errors));
        _errors.Clear();
        Free(heap, block);
        Assert.Equal((GuardError.DoubleFree, (nuint)block, (nuint)block), Assert.Single(_errors));
        _errors.Clear();
        IsolatedHeap.ReportInvalid(heap, block);
        Assert.Equal((GuardError.UseAfterFree, (nuint)block, (nuint)block), Assert.Single(_errors));
        Assert.Equal(0u, IsolatedHeap.SizeOf(heap, block));
    }

    [Fact]
    public void A_size_up_to_that_of_the_class_is_right_where_the_interface_permits_it()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        Free(heap, Allocate(heap, 100), new FreeRequest { Size = 112, IsRounded = true });
        Assert.Empty(_errors);
        Free(heap, Allocate(heap, 100), new FreeRequest { Size = 113, IsRounded = true });
        Free(heap, Allocate(heap, 100), new FreeRequest { Size = 99, IsRounded = true });
        Assert.Equal([GuardError.WrongSize, GuardError.WrongSize], _errors.Select(error => error.Error));
    }

    [Fact]
    public void A_signal_handler_that_cannot_enter_the_lock_leaks_what_it_frees()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        IsolatedThread thread = new() { Id = 1 };
        byte* small = (byte*)IsolatedHeap.Allocate(heap, 100, 16, false, &thread);
        byte* large = (byte*)IsolatedHeap.Allocate(heap, 100_000, 16, false, &thread);
        IsolatedHeap.EnterForFork(heap, &thread);
        Assert.True(IsolatedHeap.TryFree(heap, small, null, &thread));
        Assert.True(IsolatedHeap.TryFree(heap, large, null, &thread));
        Assert.True(IsolatedHeap.Allocate(heap, 100, 16, false, &thread) == null);
        Assert.True(IsolatedHeap.Allocate(heap, 100_000, 16, false, &thread) == null);
        IsolatedHeap.ExitAfterFork(heap, &thread);
        Assert.Empty(_errors);
        Assert.False(IsolatedHeap.Allocate(heap, 100, 16, false, &thread) == null);
    }

    [Fact]
    public void A_foreign_address_is_not_taken()
    {
        IsolatedHeap* heap = Create(randomizes: false);
        byte local;
        Assert.False(IsolatedHeap.TryFree(heap, &local, null, null));
        Assert.False(IsolatedHeap.Contains(heap, &local));
        Assert.Empty(_errors);
    }

    [Fact]
    public void A_freed_block_is_not_the_next_one()
    {
        IsolatedHeap* heap = Create(randomizes: true);
        foreach (nuint size in (nuint[])[16, 1000, 30_000, 100_000])
        {
            byte* block = Allocate(heap, size);
            Free(heap, block);
            Assert.False(block == Allocate(heap, size));
        }
    }

    [Fact]
    public void A_large_block_grows_with_its_contents()
    {
        IsolatedHeap* heap = Create(randomizes: true);
        byte* block = Allocate(heap, 300_000);
        for (int index = 0; index < 300_000; index++)
        {
            block[index] = (byte)(index % 251);
        }

        byte* grown = (byte*)IsolatedHeap.TryMove(heap, block, 3_000_001, null);
        if (grown != null)
        {
            Assert.Equal(3_000_001u, IsolatedHeap.SizeOf(heap, grown));
            Assert.Equal(0u, IsolatedHeap.SizeOf(heap, block));
            for (int index = 0; index < 300_000; index++)
            {
                Assert.Equal((byte)(index % 251), grown[index]);
            }

            Assert.True(new Span<byte>(grown + 300_000, 2_700_001).IndexOfAnyExcept((byte)0) < 0);
            grown[3_000_001] = 7;
            Free(heap, grown);
            Assert.Equal(GuardError.OverflowFound, Assert.Single(_errors).Error);
        }
    }

    [Fact]
    public void Threads_free_the_blocks_of_each_other()
    {
        IsolatedHeap* heap = Create(randomizes: true);
        nuint shared = (nuint)heap;
        nuint[] slots = new nuint[256];
        int failures = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            s_errors = [];
            IsolatedThread thread = new() { Id = Os.ThreadId() };
            Random random = new(number);
            for (int step = 0; step < 50_000; step++)
            {
                nuint block = (nuint)IsolatedHeap.Allocate(
                    (IsolatedHeap*)shared, (nuint)random.Next(8, 2000), 16, false, &thread);
                *(nuint*)block = block;
                nuint other = Interlocked.Exchange(ref slots[random.Next(slots.Length)], block);
                if (other != 0)
                {
                    _ = *(nuint*)other == other ? 0 : Interlocked.Increment(ref failures);
                    _ = IsolatedHeap.TryFree(
                        (IsolatedHeap*)shared, (void*)other, null, &thread);
                }
            }

            _ = Interlocked.Add(ref failures, s_errors.Count);
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        IsolatedHeap.Inspect(heap);
        Assert.Equal(0, failures);
        Assert.Empty(_errors);
    }

    private static byte* Allocate(IsolatedHeap* heap, nuint size, nuint alignment = 16)
    {
        byte* block = (byte*)IsolatedHeap.Allocate(heap, size, alignment, false, null);
        Assert.False(block == null);
        return block;
    }

    private static void Free(IsolatedHeap* heap, void* block) =>
        Assert.True(IsolatedHeap.TryFree(heap, block, null, null));

    private static void Free(IsolatedHeap* heap, void* block, FreeRequest request) =>
        Assert.True(IsolatedHeap.TryFree(heap, block, &request, null));

    private static IsolatedHeap* Create(bool randomizes)
    {
        IsolatedHeap* heap = IsolatedHeap.TryCreate(new IsolationOptions
        {
            Randomizes = randomizes,
            ReserveBytes = 1 << 30,
            QuarantineBytes = 8192,
            QuarantineBlocks = 64,
            Shards = 2,
            Secret = 0x1234_5678_9abc_def0,
            OnError = &OnError,
        });
        Assert.False(heap == null);
        return heap;
    }

    private static void OnError(IsolatedHeap* heap, IsolatedError* error) =>
        s_errors!.Add((error->Error, (nuint)error->Address, (nuint)error->Details.Address));
}
