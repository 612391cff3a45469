using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Text in UTF-8.</summary>
public sealed unsafe class Utf8StringTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Text_of_any_kind_is_what_the_runtime_makes_of_it()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(300);
        FsCheck.Check.One(config, Prop.ForAll<string[]>(parts =>
        {
            var twin = new StringBuilder();
            using var text = new NativeUtf8String<Heap>(_heap);
            foreach (string? part in parts)
            {
                twin.Append(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part ?? "")));
                text.Append(part);
            }

            return text.ToString() == twin.ToString()
                && text.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(twin.ToString()))
                && text.Length == Encoding.UTF8.GetByteCount(twin.ToString());
        }));
    }

    [Fact]
    public void It_is_made_from_bytes_and_from_text()
    {
        using var bytes = new NativeUtf8String<Heap>(_heap, "Käse"u8);
        using var text = new NativeUtf8String<Heap>(_heap, "Käse");
        using var none = new NativeUtf8String<Heap>(_heap, (string?)null);
        Assert.Equal(5, text.Length);
        Assert.Equal("Käse", bytes.ToString());
        Assert.Equal(bytes, text);
        Assert.True(bytes == text && bytes != none && bytes.Equals("Käse"u8));
        Assert.Equal(bytes.GetHashCode(), text.GetHashCode());
        Assert.False(bytes.Equals("Kase"));
        Assert.Equal("", none.ToString());
        Assert.Equal(3, bytes.IndexOf("se"u8));
        Assert.Equal(-1, bytes.IndexOf("sa"u8));
        fixed (byte* first = bytes)
        {
            Assert.Equal((byte)'K', *first);
        }
    }

    [Fact]
    public void What_is_no_valid_text_is_replaced_and_bytes_are_taken_as_they_are()
    {
        using var text = new NativeUtf8String<Heap>(_heap, "a\ud800b");
        Assert.Equal("a\ufffdb", text.ToString());
        text.Append([0xff]);
        Assert.Equal(0xff, text.AsSpan()[^1]);
        text.Append("\ud83d\ude00");
        Assert.True(text.AsSpan().EndsWith("😀"u8));
    }

    [Fact]
    public void Values_are_formatted_in_place()
    {
        using var text = new NativeUtf8String<Heap>(_heap);
        text.Append(42);
        text.Append(' ');
        text.Append(new Rune(0x1F600));
        text.Append(1.5, "F3", CultureInfo.InvariantCulture);
        text.Append(Guid.Empty);
        text.Append(255, "x8");
        Assert.Equal("42 😀1.50000000000-0000-0000-0000-000000000000000000ff", text.ToString());
        Assert.Throws<FormatException>(() => text.Append(1, "F9999999999"));
        text.Truncate(2);
        Assert.Equal("42", text.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Truncate(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Truncate(-1));
        text.Clear();
        Assert.Equal(0, text.Length);
    }

    [Fact]
    public void Interpolated_strings_are_what_the_runtime_makes_of_them()
    {
        using var text = new NativeUtf8String<Heap>(_heap);
        using var other = new NativeUtf8String<Heap>(_heap, "ü"u8);
        (int number, string? none) = (-5, null);
        (string wide, DayOfWeek day) = (new string('é', 100), DayOfWeek.Friday);
        ReadOnlySpan<char> span = "span";
        text.Append($"{number}|{number,6}|{number,-6}|{number:D4}|{number,8:D4}|{none}|{wide}|{day}|{span}|");
        Assert.Equal(
            $"{number}|{number,6}|{number,-6}|{number:D4}|{number,8:D4}|{none}|{wide}|{day}|{span}|",
            text.ToString());
        text.Clear();
        text.Append($"{other}{"<"u8}{text}{other,4}>");
        Assert.Equal("ü<  ü>", text.ToString());
        text.Clear();
        text.Append(new NumberFormatInfo { NumberDecimalSeparator = "," }, $"{1.5}{new object()}");
        Assert.Equal($"1,5{new object()}", text.ToString());
    }

    [Fact]
    public void A_string_is_appended_to_itself()
    {
        using var text = new NativeUtf8String<Heap>(_heap, "ab"u8);
        for (int times = 0; times < 10; times++)
        {
            text.Append(text.AsSpan());
            text.Append($"{text.AsSpan()}{text}");
        }

        Assert.Equal(2 * (int)Math.Pow(6, 10), text.Length);
        Assert.Equal(-1, text.AsSpan().IndexOf("aa"u8));
        Assert.Equal(-1, text.AsSpan().IndexOf("bb"u8));
    }

    [Fact]
    public void A_failing_expression_appends_nothing_and_a_change_meanwhile_is_refused()
    {
        using var text = new NativeUtf8String<Heap>(_heap, "text"u8);
        Assert.Throws<NotSupportedException>(() => text.Append($"a{Fail()}"));
        Assert.Throws<InvalidOperationException>(() => text.Append($"a{Change(text)}b"));
        Assert.Equal("text!", text.ToString());

        static int Fail() => throw new NotSupportedException();

        static int Change(NativeUtf8String<Heap> text)
        {
            text.Append('!');
            return 1;
        }
    }

    [Fact]
    public void Strings_are_keys()
    {
        using var one = new NativeUtf8String<Heap>(_heap, "key"u8);
        using var same = new NativeUtf8String<Heap>(_heap, "key"u8);
        var numbers = new Dictionary<NativeUtf8String<Heap>, int> { [one] = 1 };
        Assert.Equal(1, numbers[same]);
        same.Append("s"u8);
        Assert.False(numbers.ContainsKey(same));
    }

    [Fact]
    public void Room_is_made_and_given_back()
    {
        using var text = new NativeUtf8String<Heap>(_heap, 100);
        Assert.Equal(100, text.Capacity);
        Assert.True(text.EnsureCapacity(1000) >= 1000);
        text.Append("short"u8);
        text.TrimExcess();
        Assert.Equal(5, text.Capacity);
        Assert.Equal("short", text.ToString());
    }
}
