using System;
using System.Buffers;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>A writer against ArrayBufferWriter, and where it goes beyond it.</summary>
public sealed unsafe class NativeBufferWriterTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(NativeBufferWriter<byte, Heap>.DefaultMaxSegmentLength)]
    public void Random_writes_are_those_of_the_managed_twin(int maxSegmentLength)
    {
        using var writer = new NativeBufferWriter<int, Heap>(_heap, maxSegmentLength);
        var twin = new ArrayBufferWriter<int>();
        var random = new Random(maxSegmentLength);
        for (int step = 0; step < 2000; step++)
        {
            int length = random.Next(random.Next(10) == 0 ? 1000 : 20);
            switch (random.Next(50))
            {
                case 0:
                    writer.ResetWrittenCount();
                    twin.ResetWrittenCount();
                    break;
                case 1:
                    writer.Clear();
                    twin.Clear();
                    break;
                case < 25:
                    writer.Write(Numbers(length, step));
                    twin.Write(Numbers(length, step));
                    break;
                default:
                    Assert.InRange(writer.GetMemory(length).Length, Math.Max(length, 1), int.MaxValue);
                    Numbers(length, step).CopyTo(writer.GetMemory(length).Span);
                    writer.Advance(length);
                    twin.Write(Numbers(length, step));
                    break;
            }

            Assert.Equal(twin.WrittenCount, writer.WrittenCount);
            Assert.Equal(twin.WrittenCount, writer.WrittenSequence.Length);
            Assert.InRange(writer.LongCapacity, writer.LongWrittenCount, nint.MaxValue);
            if (step % 16 == 0)
            {
                Assert.True(twin.WrittenSpan.SequenceEqual(writer.WrittenSequence.ToArray()));
            }
        }

        writer.Dispose();
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void What_is_written_lies_in_one_block()
    {
        using var writer = new NativeBufferWriter<byte, Heap>(_heap);
        using (var json = new Utf8JsonWriter(writer))
        {
            JsonSerializer.Serialize(json, Enumerable.Range(0, 10_000));
        }

        byte[] expected = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 10_000));
        Assert.Equal(expected, writer.WrittenSpan.ToArray());
        Assert.Equal(writer.WrittenCount, writer.WrittenMemory.Length);
        Assert.True(writer.WrittenSequence.IsSingleSegment);
    }

    [Fact]
    public void Positions_lead_through_several_blocks()
    {
        using var writer = new NativeBufferWriter<int, Heap>(_heap, maxSegmentLength: 10);
        writer.Write(Numbers(95, 0));
        ReadOnlySequence<int> written = writer.WrittenSequence;
        Assert.False(written.IsSingleSegment);
        Assert.Equal(Numbers(30, 42), written.Slice(42, 30).ToArray());
        Assert.Equal(95, written.GetOffset(written.End));
        _ = Assert.Throws<InvalidOperationException>(() => writer.WrittenSpan.Length);
    }

    [Fact]
    public void A_request_larger_than_a_block_is_served()
    {
        using var writer = new NativeBufferWriter<int, Heap>(_heap, maxSegmentLength: 10);
        writer.Write(Numbers(5, 0));
        Numbers(100, 5).CopyTo(writer.GetSpan(100));
        writer.Advance(100);
        Assert.Equal(Numbers(105, 0), writer.WrittenSequence.ToArray());
    }

    [Fact]
    public void Clearing_overwrites_what_was_written()
    {
        using var writer = new NativeBufferWriter<int, Heap>(_heap);
        writer.Write(Numbers(100, 1));
        writer.Clear();
        Assert.Equal(new int[100], writer.GetSpan(100)[..100].ToArray());
        writer.Write(Numbers(100, 1));
        writer.ResetWrittenCount();
        Assert.Equal(Numbers(100, 1), writer.GetSpan(100)[..100].ToArray());
        Assert.Equal(0, writer.WrittenCount);
        Assert.True(writer.WrittenSequence.IsEmpty);
    }

    [Fact]
    public void Memory_that_is_kept_is_used_again()
    {
        using var writer = new NativeBufferWriter<int, Heap>(_heap, maxSegmentLength: 100);
        writer.Write(Numbers(1000, 0));
        int capacity = writer.Capacity;
        long before = GC.GetAllocatedBytesForCurrentThread();
        writer.ResetWrittenCount();
        for (int number = 0; number < 1000; number++)
        {
            writer.GetSpan(1)[0] = number;
            writer.Advance(1);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(capacity, writer.Capacity);
        Assert.Equal(Numbers(1000, 0), writer.WrittenSequence.ToArray());
    }

    [Fact]
    public void A_pinned_block_stays_when_the_writer_grows()
    {
        var writer = new NativeBufferWriter<int, Heap>(_heap);
        writer.Write(Numbers(10, 0));
        MemoryHandle pin = writer.WrittenMemory.Pin();
        writer.Write(Numbers(100_000, 10));
        Assert.Equal(Numbers(10, 0), new ReadOnlySpan<int>(pin.Pointer, 10).ToArray());
        Assert.Equal(Numbers(100_010, 0), writer.WrittenSpan.ToArray());
        writer.Dispose();
        Assert.NotEqual(0u, _heap.GetStatistics().InUseBytes);
        pin.Dispose();
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void After_dispose_everything_throws()
    {
        var writer = new NativeBufferWriter<byte, Heap>(_heap);
        Memory<byte> memory = writer.GetMemory(10);
        writer.Dispose();
        writer.Dispose();
        Disposed(() => memory.Span.Clear());
        Disposed(() => writer.GetSpan());
        Disposed(() => writer.GetMemory());
        Disposed(() => writer.Advance(0));
        Disposed(() => _ = writer.WrittenSequence);
        Disposed(() => _ = writer.WrittenSpan);
        Disposed(writer.ResetWrittenCount);
        Disposed(writer.Clear);
        Assert.Equal((0, 0), (writer.WrittenCount, writer.Capacity));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using var writer = new NativeBufferWriter<byte, Heap>(_heap);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new NativeBufferWriter<byte, Heap>(_heap, 0));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetSpan(-1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        _ = Assert.Throws<InvalidOperationException>(() => writer.Advance(1));
        int length = writer.GetSpan().Length;
        _ = Assert.Throws<InvalidOperationException>(() => writer.Advance(length + 1));
        writer.Advance(0);
    }

    [Fact]
    public void Without_memory_what_is_written_stays()
    {
        _heap.SetLimit(1.MiB());
        using var writer = new NativeBufferWriter<byte, Heap>(_heap);
        writer.Write("kept"u8);
        var error = Assert.Throws<OutOfMemoryException>(() => writer.GetSpan(2 << 20));
        Assert.Contains($"{(2 << 20) + 4} bytes", error.Message);
        Assert.True(writer.WrittenSpan.SequenceEqual("kept"u8));
        writer.Write(", still"u8);
        Assert.True(writer.WrittenSpan.SequenceEqual("kept, still"u8));
    }

    private static void Disposed(Action use) => Assert.Throws<ObjectDisposedException>(use);

    private static int[] Numbers(int count, int from) => [.. Enumerable.Range(from, count)];
}
