using System.Collections.Generic;
using System.Runtime.InteropServices;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Blocks;

/// <summary>What every allocator promises, by those of this folder.</summary>
public sealed unsafe class ConformanceTests
{
    private static readonly nuint s_size = 64.MiB();

    private static ConformanceOptions Limited => new() { Capacity = s_size - FixedBuffer.OverheadBytes };

    [Fact]
    public void SystemHeap_conforms() => AllocatorConformance.Verify(() => default(SystemHeap));

    [Fact]
    public void Bump_of_many_threads_conforms() =>
        AllocatorConformance.Verify(() => new Bump<Shared>(s_size), bump => bump.Dispose(), Limited);

    [Fact]
    public void Bump_of_one_thread_conforms() =>
        AllocatorConformance.Verify(() => new Bump<Local>(s_size), bump => bump.Dispose(), Limited);

    [Fact]
    public void PageBlocks_conform() => AllocatorConformance.Verify(() => new PageAllocator());

    [Fact]
    public void Arena_conforms() =>
        AllocatorConformance.Verify(() => new Arena(), arena => arena.Dispose());

    [Fact]
    public void Arena_of_small_chunks_with_an_alignment_of_its_own_conforms()
    {
        ArenaOptions options = new() { FirstChunkBytes = 64, MaxChunkBytes = 4096, MinAlignment = 32 };
        AllocatorConformance.Verify(
            () => Arena.Over(default(SystemHeap), options), arena => arena.Dispose());
    }

    [Fact]
    public void Arena_with_a_limit_conforms()
    {
        AllocatorConformance.Verify(
            () => new Arena(s_size),
            arena => arena.Dispose(),
            new ConformanceOptions { MaxSize = 64.KiB(), Capacity = s_size / 2 });
    }

    [Fact]
    public void FixedBuffer_conforms()
    {
        Stack<nuint> buffers = new();
        AllocatorConformance.Verify(
            () =>
            {
                buffers.Push((nuint)NativeMemory.Alloc(s_size));
                return new FixedBuffer((void*)buffers.Peek(), s_size);
            },
            _ => NativeMemory.Free((void*)buffers.Pop()),
            Limited);
    }
}
