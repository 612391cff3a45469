using System;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The table of the stacks of threads.</summary>
public sealed unsafe class BoundsCacheTests : IDisposable
{
    private readonly GuardedMemory _table = new((int)BoundsCache.Bytes);
    private BoundsCache _bounds;

    public BoundsCacheTests() => _bounds.Entries = (BoundsCache.Entry*)_table.Start;

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Stack_is_known_to_its_thread_alone()
    {
        Assert.False(_bounds.TryGet(0x7000, 0x1000, out _));
        _bounds.Set(0x7000, new StackBounds(0x1000, 0x8000));
        Assert.True(_bounds.TryGet(0x7000, 0x1000, out StackBounds bounds));
        Assert.Equal(((nuint)0x1000, (nuint)0x8000), (bounds.Low, bounds.High));
        Assert.False(_bounds.TryGet(0x7008, 0x1000, out _));
    }

    [Fact]
    public void Stack_pointer_must_lie_in_the_stack()
    {
        _bounds.Set(0x7000, new StackBounds(0x1000, 0x8000));
        Assert.True(_bounds.TryGet(0x7000, 0x7fff, out _));
        Assert.False(_bounds.TryGet(0x7000, 0x8000, out _));
        Assert.False(_bounds.TryGet(0x7000, 0xfff, out _));
    }

    [Fact]
    public void Threads_never_see_the_stack_of_another_one()
    {
        Parallel.For(0, 4, number =>
        {
            Random random = new(number);
            for (int round = 0; round < 500_000; round++)
            {
                nuint thread = (nuint)(0x7f00_0000_0000 + (random.Next(2000) * 0x1000L));
                if (number % 2 == 0)
                {
                    _bounds.Set(thread, new StackBounds(thread - 0x8000, thread + 0x100));
                }
                else if (_bounds.TryGet(thread, thread - 8, out StackBounds bounds))
                {
                    Assert.Equal((thread - 0x8000, thread + 0x100), (bounds.Low, bounds.High));
                }
            }
        });
    }
}
