using System;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>What interpolated strings leave on the managed heap.</summary>
/// <remarks>
/// The code that the runtime compiles at first boxes the values. It compiles better code when no method was
/// new for a while, so other tests must not run meanwhile.
/// </remarks>
[Collection(nameof(InterpolationTests))]
[CollectionDefinition(nameof(InterpolationTests), DisableParallelization = true)]
public sealed class InterpolationTests : IDisposable
{
    private readonly Heap _heap = Heap.Create();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Compiled_well_they_allocate_no_objects()
    {
        using var text = new NativeUtf8String<Heap>(_heap);
        long allocated = long.MaxValue;
        for (int round = 0; round < 30_000 && allocated != 0; round++)
        {
            text.Clear();
            allocated = GC.GetAllocatedBytesForCurrentThread();
            text.Append($"{round,5} of {Guid.Empty:N} is {text} {DateTime.UnixEpoch:O}");
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Thread.Sleep(1);
        }

        Assert.Equal(0, allocated);
    }
}
