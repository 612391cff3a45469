using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>
/// A value of the process heap, which is copied to another arena: by the thread that sets it, or by the one
/// that has the lock meanwhile (<c>Arenas.SetSampler</c> and <c>Arenas.Unlock</c> of the images).
/// </summary>
public sealed class ObserverOrderTests
{
    // The words: the value, its copy, whether the value has changed, and the lock.
    private const int Value = 0, Copy = 1, Changed = 2, Lock = 3, Words = 4;

    private const int Read = 0, Seen = 1;

    /// <summary>How a thread that has left the lock learns of a value that was set meanwhile.</summary>
    public enum Check
    {
        Nothing,
        Load,
        Fence,
    }

    [Theory]
    [InlineData(Check.Fence, true)]
    [InlineData(Check.Load, false)]
    [InlineData(Check.Nothing, false)]
    public void The_last_value_is_copied(Check check, bool holds)
    {
        ModelThread holder = new();
        CopyValue(holder);
        Unlock(holder, check, "first");
        ModelThread setter = new();
        Set(setter, 1, check, "first");
        Set(setter, 2, check, "second");
        Assert.Equal(holds, IsCopied(locked: true, holder, setter));
    }

    /// <summary>An arena that is published without the lock after its creator has copied the value.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_thread_without_the_lock_must_not_copy(bool requests, bool holds)
    {
        ModelThread creator = new();
        if (requests)
        {
            Request(creator, Check.Fence, "first");
        }
        else
        {
            CopyValue(creator);
        }

        ModelThread setter = new();
        Set(setter, 1, Check.Fence, "first");
        Assert.Equal(holds, IsCopied(locked: false, creator, setter));
    }

    private static bool IsCopied(bool locked, params ModelThread[] threads)
    {
        int[] initial = new int[Words];
        initial[Lock] = locked ? 1 : 0;
        return new WeakMemoryModel(initial, threads).Holds(state => state[Copy] == state[Value]);
    }

    private static void Set(ModelThread thread, int value, Check check, string name)
    {
        _ = thread.Store(_ => Value, _ => value, Order.Release);
        Request(thread, check, name);
    }

    private static void Request(ModelThread thread, Check check, string name)
    {
        _ = thread.Modify(Read, _ => Changed, (_, _) => 1, Order.Full)
            .Replace(Read, _ => Lock, _ => 0, _ => 1, Order.Full)
            .Jump(name + " left", r => r[Read] != 0);
        if (check == Check.Nothing)
        {
            CopyValue(thread);
        }

        Unlock(thread, check, name);
    }

    private static void Unlock(ModelThread thread, Check check, string name)
    {
        _ = thread.At(name + " leaves").Store(_ => Lock, _ => 0, Order.Release);
        if (check != Check.Nothing)
        {
            _ = check == Check.Fence
                ? thread.Modify(Read, _ => Changed, (seen, _) => seen, Order.Full)
                : thread.Load(Read, _ => Changed, Order.Acquire);
            _ = thread.Jump(name + " left", r => r[Read] == 0)
                .Replace(Read, _ => Lock, _ => 0, _ => 1, Order.Full)
                .Jump(name + " left", r => r[Read] != 0)
                .Modify(Read, _ => Changed, (_, _) => 0, Order.Full);
            CopyValue(thread);
            _ = thread.Jump(name + " leaves");
        }

        _ = thread.At(name + " left");
    }

    private static void CopyValue(ModelThread thread) => _ = thread
        .Load(Seen, _ => Value, Order.Acquire)
        .Store(_ => Copy, r => r[Seen], Order.Release);
}
