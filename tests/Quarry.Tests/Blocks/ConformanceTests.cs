using System.Collections.Generic;
using System.Runtime.InteropServices;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Blocks;

/// <summary>What every allocator promises, by those of this folder.</summary>
public sealed unsafe class ConformanceTests
{
    private static ConformanceOptions BumpOptions => new() { Capacity = Bump<Local>.DefaultSize };

    [Fact]
    public void SystemHeap_conforms() => AllocatorConformance.Verify(() => default(SystemHeap));

    [Fact]
    public void Bump_of_many_threads_conforms() =>
        AllocatorConformance.Verify(() => new Bump<Shared>(), bump => bump.Dispose(), BumpOptions);

    [Fact]
    public void Bump_of_one_thread_conforms() =>
        AllocatorConformance.Verify(() => new Bump<Local>(), bump => bump.Dispose(), BumpOptions);

    [Fact]
    public void FixedBuffer_conforms()
    {
        nuint size = 64.MiB();
        Stack<nuint> buffers = new();
        AllocatorConformance.Verify(
            () =>
            {
                buffers.Push((nuint)NativeMemory.Alloc(size));
                return new FixedBuffer((void*)buffers.Peek(), size);
            },
            _ => NativeMemory.Free((void*)buffers.Pop()),
            new ConformanceOptions { Capacity = size - FixedBuffer.OverheadBytes });
    }
}
