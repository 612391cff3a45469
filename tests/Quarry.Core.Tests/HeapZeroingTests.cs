using System;
using Xunit;

namespace Quarry.Core.Tests;

[Collection(nameof(Alone))]
public sealed unsafe class HeapZeroingTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(1, 16)]
    [InlineData(100, 16)]
    [InlineData(5000, 4096)]
    [InlineData(65536, 16)]
    [InlineData(200_000, 16)]
    [InlineData(200_000, 65536)]
    [InlineData(3_000_000, 16)]
    [InlineData(3_000_000, 64)]
    public void Stale_memory_is_cleared(int size, int alignment)
    {
        Layout layout = HeapTests.Of((nuint)size, (nuint)alignment);
        nuint[] blocks = new nuint[20];
        for (int round = 0; round < 2; round++)
        {
            for (int index = 0; index < blocks.Length; index++)
            {
                void* block = _heap.AllocateZeroed(layout);
                Assert.True((nuint)block % layout.Alignment == 0 && Pattern.IsZero(block, layout.Size));
                Pattern.Fill(block, _heap.UsableSize(block, layout), 1);
                blocks[index] = (nuint)block;
            }

            foreach (nuint block in blocks)
            {
                _heap.Deallocate((void*)block, layout);
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1 << 21)]
    public void A_large_zeroed_block_is_backed_only_where_it_is_touched(int alignment)
    {
        long before = Mappings.ResidentBytes;
        byte* block = (byte*)_heap.AllocateZeroed(HeapTests.Of(400 << 20, (nuint)alignment));
        Assert.True(block != null && block[200 << 20] == 0);
        Assert.InRange(Mappings.ResidentBytes - before, -1L << 40, 100 << 20);
    }
}
