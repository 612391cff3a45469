using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that each block of a heap has a record of its own while it exists.</summary>
public sealed unsafe class BlockRecordsTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);
    private readonly BlockRecords* _records =
        (BlockRecords*)NativeMemory.AllocZeroed((nuint)sizeof(BlockRecords));

    private readonly PrivateMemory* _memory =
        (PrivateMemory*)NativeMemory.AllocZeroed((nuint)sizeof(PrivateMemory));

    public void Dispose()
    {
        _memory->Release();
        NativeMemory.Free(_records);
        NativeMemory.Free(_memory);
        _heap.Dispose();
    }

    [Fact]
    public void Records_stay_apart_when_pages_are_reused_for_other_sizes()
    {
        Random random = new(5);
        Dictionary<nuint, uint> blocks = [];
        uint next = 1;
        for (int round = 0; round < 30; round++)
        {
            nuint most = (nuint)1 << random.Next(4, 21);
            for (int count = 0; count < 300; count++)
            {
                nuint block = (nuint)Frontend.Allocate((nuint)random.NextInt64(1, (long)most), _heap.Thread);
                Assert.True(block != 0);
                BlockRecord* record = Get(block);
                Assert.Equal(0u, record->Site);
                record->Site = next;
                blocks.Add(block, next++);
            }

            foreach ((nuint block, uint site) in blocks)
            {
                BlockRecordArray* array = _records->Find(_heap.State, (void*)block, out uint index);
                Assert.True(array != null);
                Assert.Equal(site, (BlockRecordArray.Records(array) + index)->Site);
                Assert.Equal(Frontend.UsableSize(_heap.State, (void*)block), array->BlockSize);
                BlockRecordArray.Records(array)[index] = default;
                Frontend.Free((void*)block, _heap.Thread);
            }

            blocks.Clear();
            HeapUpkeep.Recover(_heap.Thread);
        }
    }

    [Fact]
    public void Block_without_a_record_is_not_found()
    {
        void* block = Frontend.Allocate(100, _heap.Thread);
        Assert.True(_records->Find(_heap.State, block, out _) == null);
        _ = Get((nuint)block);
        Assert.True(_records->Find(_heap.State, block, out _) != null);
    }

    private BlockRecord* Get(nuint block)
    {
        BlockRecordArray* array = _records->Get(
            _heap.State, _memory, (void*)block, out uint index, out BlockRecordArray* former);
        if (former != null)
        {
            for (uint other = 0; other < former->Capacity; other++)
            {
                Assert.Equal(0u, BlockRecordArray.Records(former)[other].Site);
            }

            _records->Free(former);
        }

        Assert.True(array != null);
        return BlockRecordArray.Records(array) + index;
    }
}
