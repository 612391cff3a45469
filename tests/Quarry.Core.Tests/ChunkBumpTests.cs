using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class ChunkBumpTests : IDisposable
{
    private const uint ChunkSize = 4096;

    private readonly ConcurrentDictionary<nuint, nuint> _chunks = new();
    private readonly ChunkBump* _bump = (ChunkBump*)NativeMemory.AllocZeroed((nuint)sizeof(ChunkBump));
    private GCHandle _handle;

    public ChunkBumpTests() => _handle = GCHandle.Alloc(this);

    private bool IsExhausted { get; set; }

    private Chunks Source => new(GCHandle.ToIntPtr(_handle));

    [Fact]
    public void Blocks_are_zeroed_and_follow_each_other()
    {
        byte* first = (byte*)ChunkBump.Allocate(_bump, Source, 64);
        byte* second = (byte*)ChunkBump.Allocate(_bump, Source, 128);
        byte* third = (byte*)ChunkBump.Allocate(_bump, Source, 64);
        Assert.True(second == first + 64 && third == second + 128);
        Assert.True((nuint)first % 64 == 0 && Pattern.IsZero(first, 256));
        Assert.Single(_chunks);
    }

    [Fact]
    public void A_block_that_does_not_fit_comes_from_a_new_chunk()
    {
        Assert.True(ChunkBump.Allocate(_bump, Source, 64) != null);
        Assert.True(ChunkBump.Allocate(_bump, Source, ChunkSize - 64) != null);
        Assert.Equal(2, _chunks.Count);
        byte* large = (byte*)ChunkBump.Allocate(_bump, Source, 10 * ChunkSize);
        Assert.True(Pattern.IsZero(large, 10 * ChunkSize));
        Assert.Equal(3, _chunks.Count);
    }

    [Fact]
    public void The_first_chunk_can_be_provided()
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(ChunkSize, 64);
        NativeMemory.Clear(memory, ChunkSize);
        _bump->Start(memory, ChunkSize);
        Assert.True(ChunkBump.Allocate(_bump, Source, 64) == memory + ChunkBump.HeaderBytes);
        Assert.Empty(_chunks);
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Without_memory_the_result_is_null_and_a_later_call_succeeds()
    {
        IsExhausted = true;
        Assert.True(ChunkBump.Allocate(_bump, Source, 64) == null);
        IsExhausted = false;
        Assert.True(ChunkBump.Allocate(_bump, Source, 64) != null);
    }

    [Fact]
    public void Threads_never_share_a_block()
    {
        const int Threads = 4, Blocks = 20_000;
        nuint[][] blocks = [.. Enumerable.Range(0, Threads).Select(_ => new nuint[Blocks])];
        Parallel.For(0, Threads, thread =>
        {
            for (int index = 0; index < Blocks; index++)
            {
                nuint* block = (nuint*)ChunkBump.Allocate(_bump, Source, 64);
                Assert.True(*block == 0);
                *block = (nuint)block;
                blocks[thread][index] = (nuint)block;
            }
        });
        nuint[] all = [.. blocks.SelectMany(some => some)];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, block => Assert.True(*(nuint*)block == block));
    }

    public void Dispose()
    {
        foreach (nuint chunk in _chunks.Keys)
        {
            NativeMemory.AlignedFree((void*)chunk);
        }

        NativeMemory.Free(_bump);
        _handle.Free();
    }

    private readonly struct Chunks(nint handle) : IChunkSource
    {
        private ChunkBumpTests Test => (ChunkBumpTests)GCHandle.FromIntPtr(handle).Target!;

        public void* Allocate(nuint minBytes, out nuint bytes)
        {
            bytes = nuint.Max(minBytes, ChunkSize);
            if (Test.IsExhausted)
            {
                return null;
            }

            void* chunk = NativeMemory.AlignedAlloc(bytes, 64);
            NativeMemory.Clear(chunk, bytes);
            Test._chunks[(nuint)chunk] = bytes;
            return chunk;
        }

        public void Free(void* chunk, nuint bytes)
        {
            Assert.True(Test._chunks.TryRemove((nuint)chunk, out nuint known) && known == bytes);
            Assert.True(Pattern.IsZero(chunk, bytes));
            NativeMemory.AlignedFree(chunk);
        }
    }
}
