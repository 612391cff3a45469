using System;
using System.Buffers;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>One block as memory, and when it goes back.</summary>
public sealed unsafe class NativeMemoryManagerTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    private nuint InUse => _heap.GetStatistics().InUseBytes;

    [Fact]
    public void The_memory_is_the_block()
    {
        var manager = new NativeMemoryManager<int, Heap>(_heap, 1000, alignment: 256);
        manager.Memory.Span.Fill(7);
        Assert.Equal(1000, manager.Memory.Length);
        Assert.Equal(7, manager.GetSpan()[999]);
        ref int first = ref MemoryMarshal.GetReference(manager.GetSpan());
        Assert.Equal(0, (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref first) % 256);
        Assert.False(MemoryMarshal.TryGetArray<int>(manager.Memory, out _));
        manager.Dispose();
        Assert.Equal(0u, InUse);
    }

    [Fact]
    public void Disposing_twice_gives_back_once()
    {
        var manager = new NativeMemoryManager<byte, Heap>(_heap, 100);
        manager.Dispose();
        using var other = new NativeMemoryManager<byte, Heap>(_heap, 100);
        nuint inUse = InUse;
        manager.Dispose();
        ((IDisposable)manager).Dispose();
        Assert.Equal(inUse, InUse);
    }

    [Fact]
    public void After_dispose_memory_throws()
    {
        var manager = new NativeMemoryManager<byte, Heap>(_heap, 100);
        Memory<byte> memory = manager.Memory;
        manager.Dispose();
        Assert.True(manager.IsDisposed);
        _ = Assert.Throws<ObjectDisposedException>(() => memory.Span[0] = 1);
        _ = Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        _ = Assert.Throws<ObjectDisposedException>(() => manager.Memory);
    }

    [Fact]
    public void Pinned_memory_outlives_its_dispose()
    {
        var manager = new NativeMemoryManager<byte, Heap>(_heap, 100);
        MemoryHandle first = manager.Memory.Pin(), second = manager.Pin(10);
        Assert.True((byte*)second.Pointer == (byte*)first.Pointer + 10);
        manager.Dispose();
        *(byte*)second.Pointer = 1;
        first.Dispose();
        Assert.NotEqual(0u, InUse);
        _ = Assert.Throws<ObjectDisposedException>(() => manager.Pin());
        second.Dispose();
        Assert.Equal(0u, InUse);
        _ = Assert.Throws<InvalidOperationException>(manager.Unpin);
    }

    [Fact]
    public void An_index_outside_cannot_be_pinned()
    {
        using var manager = new NativeMemoryManager<byte, Heap>(_heap, 100);
        manager.Pin(100).Dispose();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => manager.Pin(101));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => manager.Pin(-1));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Refused("length", () => new NativeMemoryManager<byte, Heap>(_heap, -1));
        Refused("alignment", () => new NativeMemoryManager<byte, Heap>(_heap, 1, -8));
        Refused("alignment", () => new NativeMemoryManager<byte, Heap>(_heap, 1, 24));
        var error = Assert.Throws<OutOfMemoryException>(
            () => new NativeMemoryManager<long, Unserving<int>>(new(0), 10));
        Assert.Contains("80 bytes aligned to 8", error.Message);
    }

    private static void Refused(string argument, Func<object> make) =>
        Assert.Equal(argument, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
}
