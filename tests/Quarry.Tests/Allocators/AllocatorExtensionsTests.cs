using System;
using Xunit;

namespace Quarry.Tests;

/// <summary>The checked surface of every allocator.</summary>
public sealed unsafe class AllocatorExtensionsTests : IDisposable
{
    private static readonly nint s_pastSpans = unchecked((nint)int.MaxValue + 1);

    private readonly Heap _heap = new();
    private readonly Unserving<int> _empty = new(0);

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 16)]
    [InlineData(1000, 4096)]
    public void A_block_has_its_alignment_and_is_given_back(int size, int alignment)
    {
        void* block = _heap.Alloc(size, alignment);
        void* other = _heap.AllocZeroed(size, alignment);
        Assert.True(block != other && (nint)block % alignment == 0 && (nint)other % alignment == 0);
        Assert.True(new Span<byte>(other, size).IndexOfAnyExcept((byte)0) < 0);
        _heap.Free(block, size, alignment);
        _heap.Free(other, size, alignment);
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void A_block_keeps_its_contents_when_its_size_changes()
    {
        byte* block = (byte*)_heap.Alloc(10);
        new Span<byte>(block, 10).Fill(7);
        block = (byte*)_heap.Realloc(block, 10, 100_000);
        Assert.True(new Span<byte>(block, 10).IndexOfAnyExcept((byte)7) < 0);
        _heap.Free(block, 100_000);
    }

    [Fact]
    public void A_value_is_put_into_its_block()
    {
        Guid* item = _heap.New(Guid.Parse("00000000-0000-0000-0000-000000000017"));
        Assert.Equal(0x17, ((byte*)item)[15]);
        _heap.Delete(item);
        Assert.True(_heap.TryNew(5.5, out double* number));
        Assert.Equal(5.5, *number);
        _heap.Delete(number);
        _heap.Delete((double*)null);
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void Spans_are_zeroed_or_copies()
    {
        // Freed first, so that there are blocks with contents to take again.
        ReadOnlySpan<int> source = [1, 2, 3];
        Span<int> copy = _heap.CopySpan(source);
        _heap.FreeSpan(copy);
        _heap.AllocateZeroedSpan(3, out Span<int> zeroed);
        Assert.Equal([0, 0, 0], zeroed.ToArray());
        copy = _heap.CopySpan(source);
        Assert.Equal([1, 2, 3], copy.ToArray());
        _heap.FreeSpan(copy);
        _heap.FreeSpan(zeroed);
        Assert.Equal(0u, _heap.GetStatistics().InUseBytes);
    }

    [Fact]
    public void No_elements_need_no_memory()
    {
        Assert.True(_empty.TryAllocateZeroedSpan(0, out Span<long> none));
        Assert.True(_empty.CopySpan(ReadOnlySpan<int>.Empty).IsEmpty);
        _empty.AllocateZeroedSpan(0, out none);
        _empty.FreeSpan(none);
    }

    [Fact]
    public void What_cannot_be_served_is_an_exception_with_its_figures()
    {
        OutOfMemory("5 bytes aligned to 8", () => _empty.Alloc(5, 8));
        OutOfMemory("5 bytes aligned to 16", () => _empty.AllocZeroed(5));
        OutOfMemory("50 bytes aligned to 16", () => _empty.Realloc(null, 5, 50));
        OutOfMemory("8 bytes aligned to 8", () => _empty.New(1L));
        OutOfMemory("12 bytes aligned to 4", () => _empty.AllocateZeroedSpan(3, out Span<int> _));
        OutOfMemory("3 bytes aligned to 1", () => _empty.CopySpan("abc"u8));
    }

    [Fact]
    public void The_twins_answer_false_instead()
    {
        Assert.False(_empty.TryAlloc(5, 8, out void* block));
        Assert.False(_empty.TryNew(1L, out long* item));
        Assert.False(_empty.TryAllocateZeroedSpan(3, out Span<int> span));
        Assert.True(block == null && item == null && span.IsEmpty);
    }

    [Fact]
    public void Arguments_that_no_request_can_have_are_refused()
    {
        OutOfRange("size", () => _heap.Alloc(-1));
        OutOfRange("size", () => _heap.Alloc(nint.MaxValue, 4096));
        OutOfRange("size", () => _heap.AllocZeroed(nint.MinValue));
        OutOfRange("alignment", () => _heap.Alloc(1, 3));
        OutOfRange("alignment", () => _heap.Alloc(1, 0));
        OutOfRange("alignment", () => _heap.TryAlloc(1, -16, out _));
        OutOfRange("size", () => _heap.Realloc(null, 1, -1));
        OutOfRange("size", () => _heap.Free(null, -1));
        OutOfRange("count", () => _heap.AllocateZeroedSpan(-1, out Span<int> _));
        OutOfRange("count", () => _heap.TryAllocateZeroedSpan(s_pastSpans, out Span<int> _));
    }

    private static void OutOfMemory(string figures, Action request) =>
        Assert.Contains(figures, Assert.Throws<OutOfMemoryException>(request).Message);

    private static void OutOfRange(string argument, Action request) =>
        Assert.Equal(argument, Assert.Throws<ArgumentOutOfRangeException>(request).ParamName);
}
