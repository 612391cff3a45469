using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>Remembers the rules of return addresses, in a table that all threads share.</summary>
/// <remarks>
/// <para>
/// An entry is two words that are written separately, without a lock. The second one is the key, exclusive-or
/// a mixture of the first one, so an entry whose words are from two writers does not match: its key would be
/// a random number, which equals the wanted address with a probability of 2^-48 at most.
/// </para>
/// <para>
/// An address may belong to another module than when its rule was computed, after <c>dlclose</c>. So an entry
/// contains the four bytes of code before the address, which are compared with the memory.
/// </para>
/// <para>
/// An address has a second place, the other half of its pair of entries. The rule that a new one replaces
/// moves there; otherwise, two addresses of one hot stack could replace each other at every walk.
/// </para>
/// </remarks>
internal unsafe struct RuleCache
{
    /// <summary>
    /// The number of entries. A compiler on .NET computes 29,000 rules in its life, other programs 650 to
    /// 10,000, and at any time far fewer are in use.
    /// </summary>
    internal const int Length = 1 << Log2Length;

    /// <summary>The number of bytes of code that an entry contains.</summary>
    internal const int CodeBytes = 4;

    internal const nuint Bytes = Length * 16;

    private const int Log2Length = 13, AddressBits = 48, HalfCode = 16;
    private const ulong AddressMask = (1UL << AddressBits) - 1;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The table; zeroed memory of <see cref="Bytes"/>.</summary>
    public Entry* Entries;

    /// <summary>Tries to get the rule of a return address from its first place.</summary>
    /// <param name="address">The address, which may be any number.</param>
    /// <param name="compareCode">
    /// Whether to compare the code before the address. False if the address may be an arbitrary word, whose
    /// memory may be inaccessible.
    /// </param>
    /// <param name="rule">The rule.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool TryGet(nuint address, bool compareCode, out UnwindRule rule) =>
        TryGet(&Entries[Index(address)], address, compareCode, out rule);

    /// <summary>Tries to get the rule of a return address from its second place.</summary>
    /// <inheritdoc cref="TryGet(nuint, bool, out UnwindRule)"/>
    internal readonly bool TryGetSecond(nuint address, bool compareCode, out UnwindRule rule) =>
        TryGet(&Entries[Index(address) ^ 1], address, compareCode, out rule);

    /// <summary>Stores the rule of a return address.</summary>
    /// <param name="address">The address, below 2^48.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="code">The four bytes of code before the address.</param>
    internal readonly void Set(nuint address, UnwindRule rule, uint code)
    {
        int index = Index(address);
        Entry* entry = &Entries[index];
        Entry* second = &Entries[index ^ 1];

        // The other entry of the pair may be the first place of its address, which has precedence.
        if (Index(AddressOf(entry)) == index && Index(AddressOf(second)) != (index ^ 1))
        {
            Volatile.Write(ref second->Rule, Atomic.Read(ref entry->Rule));
            Volatile.Write(ref second->Check, Atomic.Read(ref entry->Check));
        }

        ulong first = rule.Bits | ((ulong)code << AddressBits);
        ulong key = address | ((ulong)(code >> HalfCode) << AddressBits);
        Volatile.Write(ref entry->Rule, first);
        Volatile.Write(ref entry->Check, key ^ Mix(first));
    }

    /// <summary>Forgets the rules of a range of addresses.</summary>
    internal readonly void Forget(nuint start, nuint end)
    {
        for (Entry* entry = Entries; entry < Entries + Length; entry++)
        {
            nuint address = AddressOf(entry);
            if (address > start && address <= end)
            {
                Volatile.Write(ref entry->Rule, 0);
                Volatile.Write(ref entry->Check, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryGet(Entry* entry, nuint address, bool compareCode, out UnwindRule rule)
    {
        ulong first = Atomic.Read(ref entry->Rule);
        ulong key = Atomic.Read(ref entry->Check) ^ Mix(first);
        rule = UnwindRule.FromBits(first & AddressMask);

        // An unused entry has the key 0, which is an address too.
        return (key & AddressMask) == address && first != 0
            && (!compareCode || Code(first, key) == *(uint*)(address - CodeBytes));
    }

    /// <summary>Returns the index of an address in the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Index(nuint address) => (int)((address * GoldenRatio) >> (64 - Log2Length));

    private static nuint AddressOf(Entry* entry) =>
        (nuint)((Atomic.Read(ref entry->Check) ^ Mix(Atomic.Read(ref entry->Rule))) & AddressMask);

    // A bijection in which every bit of the number changes half of the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong number)
    {
        number *= GoldenRatio;
        return number ^ (number >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Code(ulong first, ulong key) =>
        (uint)(first >> AddressBits) | ((uint)(key >> AddressBits) << HalfCode);

    /// <summary>
    /// An entry: 48 bits of each word are the rule and the address; the others are the code.
    /// </summary>
    internal struct Entry
    {
        public ulong Rule;
        public ulong Check;
    }
}
