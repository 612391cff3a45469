using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The table of known rules.</summary>
public sealed unsafe class RuleCacheTests : IDisposable
{
    private readonly GuardedMemory _table = new((int)RuleCache.Bytes);
    private readonly GuardedMemory _code = new(64 * 1024);
    private RuleCache _rules;

    public RuleCacheTests() => _rules.Entries = (RuleCache.Entry*)_table.Start;

    public void Dispose()
    {
        _table.Dispose();
        _code.Dispose();
    }

    [Fact]
    public void Empty_table_has_no_rule()
    {
        Assert.False(Knows(0, compareCode: true, out _));
        Assert.False(Knows(1, compareCode: true, out _));
        Assert.False(Knows(nuint.MaxValue, compareCode: true, out _));
    }

    [Fact]
    public void Rule_is_found_while_the_code_is_the_same()
    {
        nuint address = (nuint)_code.Start + 100;
        *(uint*)(address - 4) = 0x8123_4567;
        _rules.Set(address, Rule(address), 0x8123_4567);
        Assert.True(Knows(address, compareCode: true, out UnwindRule rule));
        Assert.Equal(Rule(address).Bits, rule.Bits);
        for (int bit = 0; bit < 32; bit++)
        {
            *(uint*)(address - 4) ^= 1u << bit;
            Assert.False(Knows(address, compareCode: true, out _));
            Assert.True(Knows(address, compareCode: false, out _));
            *(uint*)(address - 4) ^= 1u << bit;
        }
    }

    [Fact]
    public void Unknown_address_is_not_read()
    {
        Assert.False(Knows((nuint)_code.End + 100, compareCode: true, out _));
        _rules.Set((nuint)_code.End + 100, UnwindRule.Of(RuleKind.End), 1);
        Assert.True(Knows((nuint)_code.End + 100, compareCode: false, out _));
    }

    [Fact]
    public void Two_addresses_of_one_place_are_both_known()
    {
        nuint[] same = [.. Addresses().GroupBy(RuleCache.Index).First(group => group.Count() >= 3).Take(3)];
        foreach (nuint address in same)
        {
            _rules.Set(address, Rule(address), 0);
        }

        Assert.False(Knows(same[0], compareCode: false, out _));
        Assert.True(Knows(same[1], compareCode: false, out UnwindRule second));
        Assert.True(Knows(same[2], compareCode: false, out UnwindRule third));
        Assert.Equal((Rule(same[1]).Bits, Rule(same[2]).Bits), (second.Bits, third.Bits));
    }

    [Fact]
    public void Range_is_forgotten()
    {
        nuint[] addresses = [.. Addresses().Take(500)];
        foreach (nuint address in addresses)
        {
            _rules.Set(address, Rule(address), 7);
        }

        nuint[] known = [.. addresses.Where(address => Knows(address, compareCode: false, out _))];
        Assert.True(known.Length > 400);
        nuint start = known[100], end = known[200];
        _rules.Forget(start, end);
        Assert.Equal(
            known.Where(address => address <= start || address > end),
            known.Where(address => Knows(address, compareCode: false, out _)));
    }

    [Fact]
    public void Threads_never_see_the_rule_of_another_address()
    {
        // Few places, so that writers meet: addresses of a handful of pairs.
        nuint[] addresses =
        [
            .. Addresses().GroupBy(address => RuleCache.Index(address) / 2).Take(4)
                .SelectMany(group => group).Take(64),
        ];
        long hits = 0;
        Parallel.For(0, 4, thread =>
        {
            Random random = new(thread);
            for (int round = 0; round < 500_000; round++)
            {
                nuint address = addresses[random.Next(addresses.Length)];
                if (thread % 2 == 0)
                {
                    _rules.Set(address, Rule(address), (uint)address);
                }
                else if (Knows(address, compareCode: false, out UnwindRule rule))
                {
                    Assert.Equal(Rule(address).Bits, rule.Bits);
                    Interlocked.Increment(ref hits);
                }
            }
        });
        Assert.True(hits > 0);
    }

    private bool Knows(nuint address, bool compareCode, out UnwindRule rule) =>
        _rules.TryGet(address, compareCode, out rule) || _rules.TryGetSecond(address, compareCode, out rule);

    private static UnwindRule Rule(nuint address) =>
        UnwindRule.Of(RuleKind.StackPointer, (long)(address % 1000 * 8), -(long)(address % 77 * 8));

    private static IEnumerable<nuint> Addresses() =>
        Enumerable.Range(0, 100_000).Select(index => (nuint)(0x7f00_1234_0000 + (index * 5L)));
}
