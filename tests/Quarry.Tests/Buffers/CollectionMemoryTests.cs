using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>Collections as memory, sequences and streams.</summary>
public sealed class CollectionMemoryTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public unsafe void Memory_of_a_list_follows_it()
    {
        NativeList<int, Heap> list = new(_heap, [1, 2, 3]);
        Memory<int> memory = list.AsMemory();
        list.EnsureCapacity(10_000);
        list[1] = 20;
        Assert.Equal([1, 20, 3], memory.ToArray());
        using (MemoryHandle pin = memory[1..].Pin())
        {
            Assert.Equal(20, *(int*)pin.Pointer);
        }

        list.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(9, 4)]
    [InlineData(9, 1)]
    [InlineData(9, 100)]
    public void Sequences_show_all_elements_in_segments(int count, int maxSegmentLength)
    {
        int[] items = [.. Enumerable.Range(1, count)];
        using NativeList<int, Heap> list = new(_heap, items);
        using NativeArray<int, Heap> array = new(_heap, items);
        foreach (ReadOnlySequence<int> sequence in (ReadOnlySequence<int>[])
            [list.AsReadOnlySequence(maxSegmentLength), array.AsReadOnlySequence(maxSegmentLength)])
        {
            int segments = 0;
            foreach (ReadOnlyMemory<int> segment in sequence)
            {
                segments += segment.IsEmpty ? 0 : 1;
                Assert.True(segment.Length <= maxSegmentLength);
            }

            Assert.Equal((count + maxSegmentLength - 1) / maxSegmentLength, segments);
            Assert.Equal(items, sequence.ToArray());
            Assert.Equal(items.Skip(count / 2), sequence.Slice(count / 2).ToArray());
        }

        _ = Assert.Throws<ArgumentOutOfRangeException>(() => list.AsReadOnlySequence(0));
    }

    [Fact]
    public void A_sequence_of_a_queue_goes_around_the_end_of_its_ring()
    {
        using NativeQueue<int, Heap> queue = new(_heap, capacity: 16);
        int capacity = queue.Capacity;
        for (int number = 0; number < capacity + 5; number++)
        {
            queue.Enqueue(number);
            _ = number < 5 ? queue.Dequeue() : 0;
        }

        Assert.Equal(capacity, queue.Capacity);
        ReadOnlySequence<int> sequence = queue.AsReadOnlySequence();
        Assert.False(sequence.IsSingleSegment);
        Assert.Equal(queue, sequence.ToArray());
        _ = queue.Dequeue();
        _ = Assert.Throws<ArgumentException>(() => sequence.ToArray());
        Assert.Equal(queue, queue.AsReadOnlySequence(maxSegmentLength: 3).ToArray());
    }

    [Fact]
    public void A_sequence_follows_its_list_and_ends_with_it()
    {
        NativeList<int, Heap> list = new(_heap, [1, 2, 3]);
        ReadOnlySequence<int> sequence = list.AsReadOnlySequence(maxSegmentLength: 2);
        list.EnsureCapacity(10_000);
        list[2] = 30;
        Assert.Equal([1, 2, 30], sequence.ToArray());
        list.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => sequence.ToArray());
    }

    [Fact]
    public void Memory_of_an_array_is_the_array()
    {
        using NativeArray<int, Heap> array = new(_heap, [1, 2, 3]);
        array.AsMemory().Span[0] = 5;
        Assert.Equal(5, array[0]);
        Memory<int> memory = array.AsMemory();
        array.Resize(2);
        _ = Assert.Throws<ArgumentException>(() => memory.Span.Length);
    }

    [Fact]
    public async Task A_stream_reads_and_writes_as_a_memory_stream()
    {
        using NativeList<byte, Heap> list = new(_heap);
        using Stream stream = list.AsStream(), twin = new MemoryStream();
        Random random = new(1);
        byte[] bytes = new byte[100], read = new byte[100], twinRead = new byte[100];
        for (int step = 0; step < 2000; step++)
        {
            random.NextBytes(bytes);
            int count = random.Next(bytes.Length);
            switch (random.Next(8))
            {
                case 0:
                    stream.Write(bytes, 0, count);
                    twin.Write(bytes, 0, count);
                    break;
                case 1:
                    await stream.WriteAsync(bytes.AsMemory(0, count), CancellationToken.None);
                    await twin.WriteAsync(bytes.AsMemory(0, count), CancellationToken.None);
                    break;
                case 2:
                    stream.WriteByte(bytes[0]);
                    twin.WriteByte(bytes[0]);
                    break;
                case 3:
                    Assert.Equal(twin.Read(twinRead, 0, count), stream.Read(read, 0, count));
                    Assert.Equal(twinRead, read);
                    break;
                case 4:
                    Assert.Equal(twin.ReadByte(), stream.ReadByte());
                    break;
                case 5:
                    Assert.Equal(
                        await twin.ReadAsync(twinRead, CancellationToken.None),
                        await stream.ReadAsync(read, CancellationToken.None));
                    Assert.Equal(twinRead, read);
                    break;
                case 6:
                    long offset = random.Next(2000);
                    Assert.Equal(twin.Seek(offset, SeekOrigin.Begin), stream.Seek(offset, SeekOrigin.Begin));
                    break;
                default:
                    long length = random.Next(2000);
                    stream.SetLength(length);
                    twin.SetLength(length);
                    break;
            }

            Assert.Equal((twin.Length, twin.Position), (stream.Length, stream.Position));
        }

        Assert.Equal(((MemoryStream)twin).ToArray(), list.ToArray());
    }

    [Fact]
    public void A_stream_takes_what_writers_write()
    {
        using NativeList<byte, Heap> list = new(_heap);
        using (StreamWriter writer = new(list.AsStream(), new UTF8Encoding(false)))
        {
            writer.Write("text ");
            writer.Write(42);
        }

        Assert.Equal("text 42"u8, list.AsSpan());
        using Stream stream = list.AsStream();
        Assert.Equal(5, stream.Seek(-2, SeekOrigin.End));
        _ = Assert.Throws<IOException>(() => stream.Seek(-6, SeekOrigin.Current));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
        Assert.True(stream.CanRead && stream.CanWrite && stream.CanSeek);
        list.Dispose();
        Assert.False(stream.CanRead || stream.CanWrite || stream.CanSeek);
        _ = Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
    }
}
