using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Slices;

public sealed class AlternateLookupTests : IDisposable
{
    private readonly Arena _arena = new();

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void A_dictionary_is_looked_up_by_span()
    {
        using Heap heap = new();
        using NativeDictionary<NativeUtf8Slice, int, Heap> counts = new(heap);
        var words = counts.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Arena>>(new(_arena));
        foreach (string word in "the cat and the dog and the bird".Split(' '))
        {
            words.GetValueRefOrAddDefault(System.Text.Encoding.UTF8.GetBytes(word), out _)++;
        }

        Assert.Equal((5, 3, 2, 1), (counts.Count, words["the"u8], words["and"u8], words["cat"u8]));
        Assert.False(words.ContainsKey("cow"u8) || words.TryGetValue("cow"u8, out _));
        Assert.True(words.TryGetValue("dog"u8, out int dogs) && dogs == 1);
        Assert.True(words.TryAdd("cow"u8, 7) && !words.TryAdd("cow"u8, 8));
        words["cow"u8] += 2;
        Assert.Equal(9, counts[NativeUtf8Slice.Copy(_arena, "cow"u8)]);
        Assert.True(words.Remove("cow"u8, out NativeUtf8Slice key, out int value));
        Assert.Equal(("cow", 9), (key.ToString(), value));
        Assert.False(words.Remove("cow"u8));
        Assert.True(Unsafe.IsNullRef(ref words.GetValueRefOrNullRef("cow"u8)));
        _ = Assert.Throws<KeyNotFoundException>(() => words["cow"u8]);
        Assert.Equal(5, words.Dictionary.Count);
    }

    [Fact]
    public void A_look_up_without_an_allocator_finds_and_removes()
    {
        using NativeDictionary<NativeUtf8Slice, int, Arena> index = new(_arena)
        {
            [NativeUtf8Slice.Copy(_arena, "one"u8)] = 1,
        };
        var words = index.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Heap>>();
        Assert.Equal(1, words["one"u8]);
        _ = Assert.Throws<InvalidOperationException>(() => words["two"u8] = 2);
        Assert.True(words.Remove("one"u8) && index.Count == 0);
    }

    [Fact]
    public void A_look_up_in_an_empty_or_a_large_table_is_right()
    {
        using NativeHashSet<NativeUtf8Slice, Arena> set = new(_arena);
        var words = set.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Arena>>(new(_arena));
        Span<byte> text = stackalloc byte[8];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int number = 0; number < 2000; number++)
            {
                Assert.True(number.TryFormat(text, out int length, provider: null));
                Assert.Equal(pass == 1, words.Contains(text[..length]));
                Assert.Equal(pass == 0, words.Add(text[..length]));
                Assert.True(words.TryGetValue(text[..length], out NativeUtf8Slice held));
                Assert.True(held.Equals(text[..length]));
            }
        }

        Assert.Equal(2000, words.Set.Count);
        Assert.True(words.Remove("7"u8) && !words.Remove("7"u8) && !words.TryGetValue("7"u8, out _));
    }

    [Fact]
    public void A_disposed_dictionary_is_not_looked_up()
    {
        using Heap heap = new();
        NativeDictionary<NativeUtf8Slice, int, Heap> index = new(heap);
        var words = index.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Arena>>(new(_arena));
        index.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => words.ContainsKey("one"u8));
    }
}
