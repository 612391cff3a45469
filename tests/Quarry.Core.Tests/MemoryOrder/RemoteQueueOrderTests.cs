using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>
/// Posting a block to an owner that abandons its thread heap meanwhile, and taking a page from an abandoned
/// thread heap, on a memory with weak order: <see cref="RemoteQueue"/>, <see cref="ThreadOwnership"/> and
/// <see cref="ThreadLifetime.TakePage"/>.
/// </summary>
public sealed class RemoteQueueOrderTests
{
    // The words: the queue and the user of a thread heap, the link of a block, the page's owner and free
    // list, and the queue of the thread that takes the page.
    private const int Queue = 0, User = 1, Link = 2, Owner = 3, Free = 4, Taken = 5, Words = 6;

    private const int Seen = 0, Found = 1, Chain = 2, Count = 3, Read = 4, OwnerRead = 5;

    // The thread heap, and the one that takes a page of it.
    private const int Former = 0, Next = 1;

    [Fact]
    public void No_block_stays_in_an_abandoned_queue() => Assert.True(IsDrained(Order.Full, Order.Full));

    [Theory]
    [InlineData(Order.AcquireRelease, Order.Full)]
    [InlineData(Order.Full, Order.AcquireRelease)]
    [InlineData(Order.Release, Order.Release)]
    public void Blocks_stay_in_an_abandoned_queue_without_a_fence(Order push, Order abandon) =>
        Assert.False(IsDrained(push, abandon));

    [Fact]
    public void The_owner_sees_the_links_of_a_chain() => Assert.True(PublishesLinks(Order.Full, Order.Full));

    [Theory]
    [InlineData(Order.Plain, Order.Full)]
    [InlineData(Order.Acquire, Order.Full)]
    [InlineData(Order.Full, Order.Plain)]
    [InlineData(Order.Full, Order.Release)]
    public void The_owner_misses_links_with_weaker_exchanges(Order push, Order take) =>
        Assert.False(PublishesLinks(push, take));

    [Fact]
    public void A_block_follows_its_page_to_another_owner() => Assert.True(FollowsPage(Order.Full));

    [Theory]
    [InlineData(Order.Plain)]
    [InlineData(Order.Acquire)]
    [InlineData(Order.Release)]
    public void A_block_is_lost_or_freed_in_a_page_of_another_owner_by_weaker_claims(Order claim) =>
        Assert.False(FollowsPage(claim));

    private static bool IsDrained(Order push, Order abandon)
    {
        int[] initial = new int[Words];
        initial[User] = 1;
        ModelThread owner = new(), poster = new();
        Abandon(owner, 1, abandon);
        Push(poster, Queue, push);
        _ = poster.Load(Read, _ => User, Order.Acquire)
            .Jump("end", r => r[Read] != 0)
            .Replace(Read, _ => User, _ => 0, _ => 2, Order.Full)
            .Jump("end", r => r[Read] != 0)
            .Modify(Chain, _ => Queue, (_, _) => 0, Order.Full);
        Abandon(poster, 2, abandon);
        return new WeakMemoryModel(initial, owner, poster).Holds(state =>
            state[Queue] == 0 || state[User] != 0);
    }

    private static bool PublishesLinks(Order push, Order take)
    {
        ModelThread owner = new(), poster = new();
        _ = poster.Store(_ => Link, _ => 1, Order.Plain);
        Push(poster, Queue, push);
        _ = owner.Modify(Chain, _ => Queue, (_, _) => 0, take)
            .Jump("end", r => r[Chain] == 0)
            .Load(Read, _ => Link, Order.Plain)
            .Check(r => r[Read] == 1);
        return new WeakMemoryModel(new int[Words], owner, poster).Holds(_ => true);
    }

    // The thread heap is abandoned. One thread takes its page, and reads the page's list; another one frees a
    // block of the page, to whichever owner it finds.
    private static bool FollowsPage(Order claim)
    {
        ModelThread taker = new(), poster = new();
        _ = taker.Replace(Found, _ => User, _ => 0, _ => 1, claim)
            .Jump("end", r => r[Found] != 0);
        Drain(taker, "take");
        _ = taker.Store(_ => Owner, _ => Next, Order.Release);
        AbandonOnce(taker, 1, claim);
        _ = taker.Load(Count, _ => Free, Order.Plain);

        _ = poster.Load(OwnerRead, _ => Owner, Order.Plain).Jump("to next", r => r[OwnerRead] == Next);
        Push(poster, Queue, Order.Full);
        _ = poster.Load(Read, _ => User, Order.Acquire)
            .Jump("end", r => r[Read] != 0)
            .Replace(Read, _ => User, _ => 0, _ => 2, claim)
            .Jump("end", r => r[Read] != 0);
        Drain(poster, "post");
        AbandonOnce(poster, 2, claim);
        _ = poster.Jump("end").At("to next");
        Push(poster, Taken, Order.Full);

        // The block is in one place, and if that is the list of the page, its new owner has seen it.
        return new WeakMemoryModel(new int[Words], taker, poster).Holds(state =>
            state[Taken] + state[Free] + state[Queue] == 1
            && (state[Queue] == 0 || state[User] != 0)
            && (state[Owner] == Former || state.Registers[0][Count] == state[Free]));
    }

    private static void Push(ModelThread thread, int queue, Order exchange)
    {
        string label = $"push to {queue}";
        _ = thread.At(label)
            .Load(Seen, _ => queue, Order.Acquire)
            .Replace(Found, _ => queue, r => r[Seen], _ => 1, exchange)
            .Jump(label, r => r[Found] != r[Seen]);
    }

    // As ThreadOwnership.Abandon: clears the user, and then looks at the queue again.
    private static void Abandon(ModelThread thread, int id, Order exchange) =>
        _ = thread.At("abandon")
            .Replace(Found, _ => User, _ => id, _ => 0, exchange)
            .Load(Read, _ => Queue, Order.Acquire)
            .Jump("end", r => r[Read] == 0)
            .Replace(Found, _ => User, _ => 0, _ => id, Order.Full)
            .Jump("end", r => r[Found] != 0)
            .Modify(Chain, _ => Queue, (_, _) => 0, Order.Full)
            .Jump("abandon");

    private static void AbandonOnce(ModelThread thread, int id, Order exchange)
    {
        _ = thread.At("abandon")
            .Replace(Found, _ => User, _ => id, _ => 0, exchange)
            .Load(Read, _ => Queue, Order.Acquire)
            .Jump("abandoned", r => r[Read] == 0)
            .Replace(Found, _ => User, _ => 0, _ => id, exchange)
            .Jump("abandoned", r => r[Found] != 0);
        Drain(thread, "again");
        _ = thread.Jump("abandon").At("abandoned");
    }

    // Returns a block to the page, or forwards it to the page's owner.
    private static void Drain(ModelThread thread, string label)
    {
        _ = thread.Modify(Chain, _ => Queue, (_, _) => 0, Order.Full)
            .Jump(label, r => r[Chain] == 0)
            .Load(OwnerRead, _ => Owner, Order.Plain)
            .Jump(label + " forwards", r => r[OwnerRead] == Next)
            .Load(Read, _ => Free, Order.Plain)
            .Store(_ => Free, r => r[Read] + 1, Order.Plain)
            .Jump(label)
            .At(label + " forwards")
            .Modify(Read, _ => Taken, (seen, _) => seen + 1, Order.Full)
            .At(label);
    }
}
