using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>The accesses of <see cref="TaggedStack"/> on a memory with weak order.</summary>
public sealed class TaggedStackOrderTests
{
    // The words: the head, which holds a tag and an element, and the link and the contents of two elements.
    private const int Head = 0, Words = 5, ElementMask = 3, TagUnit = 4;

    // The registers: the head that was read, the result of the exchange, the link, the popped element.
    private const int Seen = 0, Found = 1, Below = 2, Popped = 3, Read = 4, Second = 5;

    [Fact]
    public void Contents_are_published() => Assert.True(Publishes(Order.Full));

    [Theory]
    [InlineData(Order.Plain)]
    [InlineData(Order.Acquire)]
    public void Contents_are_not_published_by_a_weaker_exchange(Order exchange) =>
        Assert.False(Publishes(exchange));

    [Fact]
    public void No_element_is_lost() => Assert.True(KeepsBoth(Order.Acquire));

    [Fact]
    public void Elements_are_lost_if_the_head_is_not_acquired() => Assert.False(KeepsBoth(Order.Plain));

    [Fact]
    public void No_element_has_two_owners() => Assert.True(HasOneOwner(TagUnit));

    [Fact]
    public void Elements_have_two_owners_without_a_tag() => Assert.False(HasOneOwner(0));

    private static int LinkOf(int element) => (2 * element) - 1;

    private static int ContentsOf(int element) => 2 * element;

    private static bool Publishes(Order exchange)
    {
        ModelThread first = new ModelThread().Store(_ => ContentsOf(1), _ => 1, Order.Plain);
        Push(first, 1, exchange, TagUnit);
        ModelThread other = new();
        Pop(other, "pop", Popped, Order.Acquire, TagUnit);
        other.Jump("end", r => r[Popped] == 0)
            .Load(Read, r => ContentsOf(r[Popped]), Order.Plain)
            .Check(r => r[Read] == 1);
        return new WeakMemoryModel(new int[Words], first, other).Holds(_ => true);
    }

    private static bool KeepsBoth(Order head)
    {
        ModelThread first = new();
        Push(first, 1, Order.Full, TagUnit);
        Push(first, 2, Order.Full, TagUnit);
        ModelThread other = new();
        Pop(other, "pop", Popped, head, TagUnit);
        return new WeakMemoryModel(new int[Words], first, other).Holds(state =>
            CountIn(state) + (state.Registers[1][Popped] == 0 ? 0 : 1) == 2);
    }

    // One thread pops an element; the other one pops both and pushes the first one again.
    private static bool HasOneOwner(int tag)
    {
        int[] initial = new int[Words];
        initial[Head] = 1;
        initial[LinkOf(1)] = 2;
        ModelThread first = new(), other = new();
        Pop(first, "pop", Popped, Order.Acquire, tag);
        Pop(other, "pop", Popped, Order.Acquire, tag);
        Pop(other, "second", Second, Order.Acquire, tag);
        other.Jump("end", r => r[Popped] != 1 || r[Second] != 2);
        Push(other, 1, Order.Full, tag);
        return new WeakMemoryModel(initial, first, other).Holds(state =>
        {
            bool repushed = state.Registers[1][Popped] == 1 && state.Registers[1][Second] == 2;
            int held = (state.Registers[0][Popped] != 0 ? 1 : 0) + (state.Registers[1][Second] != 0 ? 1 : 0)
                + (state.Registers[1][Popped] != 0 && !repushed ? 1 : 0);
            return held + CountIn(state) == 2;
        });
    }

    private static int CountIn(ModelState state)
    {
        int count = 0, element = state[Head] & ElementMask;
        while (element != 0 && count < 3)
        {
            count++;
            element = state[LinkOf(element)];
        }

        return count;
    }

    private static void Push(ModelThread thread, int element, Order exchange, int tag)
    {
        string label = $"push{element}";
        _ = thread.At(label)
            .Load(Seen, _ => Head, Order.Acquire)
            .Store(_ => LinkOf(element), r => r[Seen] & ElementMask, Order.Release)
            .Replace(Found, _ => Head, r => r[Seen], r => Changed(r[Seen], element, tag), exchange)
            .Jump(label, r => r[Found] != r[Seen]);
    }

    private static void Pop(ModelThread thread, string label, int popped, Order head, int tag)
    {
        _ = thread.At(label)
            .Load(Seen, _ => Head, head)
            .Set(popped, r => r[Seen] & ElementMask)
            .Jump(label + " is done", r => r[popped] == 0)
            .Load(Below, r => LinkOf(r[popped]), Order.Acquire)
            .Replace(Found, _ => Head, r => r[Seen], r => Changed(r[Seen], r[Below], tag), Order.Full)
            .Jump(label, r => r[Found] != r[Seen])
            .At(label + " is done");
    }

    private static int Changed(int head, int element, int tag) => (head & ~ElementMask) + tag + element;
}
