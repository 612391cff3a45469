using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Combinators;

/// <summary>
/// Every building block over one allocator keeps what that allocator and its own traits promise.
/// </summary>
public abstract unsafe class ConformanceOver<TInner> where TInner : unmanaged, IAllocator
{
    private const nuint MaxPooled = 512, PoolAlignment = 64;

    /// <summary>What a building block leaves of the capacity: rounding and affixes take some.</summary>
    private const nuint Share = 4;

    protected abstract ConformanceOptions Options { get; }

    protected abstract TInner Create();

    protected abstract void Destroy(TInner inner);

    [Fact]
    public void Quantize_by_multiples() => Verify<Quantize<TInner, Multiples<Bytes.Of64>>>(
        inner => new(inner), quantize => Destroy(quantize.Inner));

    [Fact]
    public void Quantize_by_four_per_doubling() => Verify<Quantize<TInner, FourPerDoubling>>(
        inner => new(inner), quantize => Destroy(quantize.Inner));

    [Fact]
    public void Quantize_by_powers_of_two() => Verify<Quantize<TInner, PowersOfTwo>>(
        inner => new(inner), quantize => Destroy(quantize.Inner));

    [Fact]
    public void Prefixed_by_a_word() => Verify<Prefixed<TInner, long>>(
        inner => new(inner), prefixed => Destroy(prefixed.Inner));

    [Fact]
    public void Prefixed_by_three_bytes() => Verify<Prefixed<TInner, (byte, byte, byte)>>(
        inner => new(inner), prefixed => Destroy(prefixed.Inner));

    [Fact]
    public void Suffixed_by_a_word() => Verify<Suffixed<TInner, long>>(
        inner => new(inner), suffixed => Destroy(suffixed.Inner));

    [Fact]
    public void Affixed_on_both_sides() => Verify<Affix<TInner, (int, byte), long>>(
        inner => new(inner), affix => Destroy(affix.Inner));

    [Fact]
    public void Sized() => Verify<Sized<TInner>>(inner => new(inner), sized => Destroy(sized.Inner));

    [Fact]
    public void FreeList_of_some_sizes() => Verify<FreeList<TInner>>(
        inner => new(inner, 33, 96, 8), list => Destroy(Disposed(list, list.Inner)));

    [Fact]
    public void Bucketize_by_doubling() => Verify<Bucketize<TInner, PowersOfTwo>>(
        inner => new(inner, 1, 4096, 8), buckets => Destroy(Disposed(buckets, buckets.Inner)));

    [Fact]
    public void Bucketize_by_step() => Verify<Bucketize<TInner, Multiples<Bytes.Of16>>>(
        inner => new(inner, 64, 512, 8), buckets => Destroy(Disposed(buckets, buckets.Inner)));

    [Fact]
    public void Pool() => Verify<Pool<TInner>>(
        inner => new(inner, Layout.Create(MaxPooled, PoolAlignment)),
        pool => Destroy(Disposed(pool, pool.Inner)),
        PoolOptions(MaxPooled));

    [Fact]
    public void Segregate_of_two_of_a_kind() => Verify<Segregate<TInner, TInner, Bytes.Of256>>(
        inner => new(inner, Create()), parts => DestroyBoth(parts.Small, parts.Large));

    [Fact]
    public void Segregate_with_a_pool() => Verify<Segregate<Pool<TInner>, TInner, Bytes.Of256>>(
        inner => new(new(inner, Layout.Create(Bytes.Of256.Bytes, PoolAlignment)), inner),
        parts => Destroy(Disposed(parts.Small, parts.Large)),
        PoolOptions(Options.MaxSize));

    [Fact]
    public void Fallback_behind_a_small_bump() => Verify<Fallback<Bump<Local>, TInner>>(
        inner => new(new(64.KiB()), inner), parts => Destroy(Disposed(parts.Primary, parts.Secondary)));

    [Fact]
    public void Fallback_in_front_of_a_heap() => Verify<Fallback<TInner, Heap>>(
        inner => new(inner, new Heap()),
        parts =>
        {
            parts.Secondary.Dispose();
            Destroy(parts.Primary);
        });

    [Fact]
    public void StackFront()
    {
        const int Size = 8 << 10;
        byte* buffer = stackalloc byte[Size];
        nuint address = (nuint)buffer;
        Verify<StackFront<TInner>>(inner => new(inner, (void*)address, Size), front => Destroy(front.Inner));
    }

    [Fact]
    public void Limited() => Verify<Limited<TInner>>(
        inner => new(inner, nuint.MaxValue), limited => Destroy(Disposed(limited, limited.Inner)));

    [Fact]
    public void Limited_to_a_few_megabytes() => Verify<Limited<TInner>>(
        inner => new(inner, 8.MiB()),
        limited => Destroy(Disposed(limited, limited.Inner)),
        Options with { Capacity = Math.Min(8.MiB(), Options.Capacity / Share), MaxSize = 64.KiB() });

    [Fact]
    public void Failing_that_fails_nothing() => Verify<Failing<TInner>>(
        inner => new(inner), failing => Destroy(Disposed(failing, failing.Inner)));

    [Fact]
    public void Hooked() => Verify<Hooked<TInner>>(
        inner => new(inner, default(FailureHook)), hooked => Destroy(Disposed(hooked, hooked.Inner)));

    [Fact]
    public void Synchronized() => Verify<Synchronized<TInner>>(
        inner => new(inner), guarded => Destroy(Disposed(guarded, guarded.Inner)));

    [Fact]
    public void Synchronized_pool() => Verify<Synchronized<Pool<TInner>>>(
        inner => new(new(inner, Layout.Create(MaxPooled, PoolAlignment))),
        guarded =>
        {
            guarded.Dispose();
            Destroy(Disposed(guarded.Inner, guarded.Inner.Inner));
        },
        PoolOptions(MaxPooled));

    private ConformanceOptions PoolOptions(nuint maxSize) => Options with
    {
        MaxSize = maxSize,
        MaxAlignment = PoolAlignment,
        BlockOverhead = MaxPooled,
        Capacity = Options.IsLimited ? Options.Capacity / Share : Options.Capacity,
    };

    private void Verify<TOuter>(
        Func<TInner, TOuter> create, Action<TOuter> destroy, ConformanceOptions? options = null)
        where TOuter : unmanaged, IAllocator
    {
        ConformanceOptions shared = Options;
        shared.Capacity = shared.IsLimited ? shared.Capacity / Share : shared.Capacity;
        AllocatorConformance.Verify(() => create(Create()), destroy, options ?? shared);
    }

    private void DestroyBoth(TInner first, TInner second)
    {
        Destroy(first);
        Destroy(second);
    }

    private static T Disposed<TOuter, T>(TOuter outer, T inner) where TOuter : unmanaged, IDisposable
    {
        outer.Dispose();
        outer.Dispose();
        return inner;
    }
}
