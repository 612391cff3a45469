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
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(60)]
    [InlineData(63)]
    public void Literals_and_values_that_fit_and_that_do_not(int before)
    {
        using NativeUtf8String<Heap> text = new(_heap, new string('x', before));
        text.Append($"größer {before} \ud800 {1.5} 😀 {'ß'}{before}");
        Assert.Equal(
            $"{new string('x', before)}größer {before} \ufffd {1.5} 😀 {'ß'}{before}", text.ToString());
    }

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
