using System;
using System.Text;
using Xunit;

namespace Quarry.Tests.Slices;

/// <summary>Text in native memory as a part of interpolated strings.</summary>
public sealed class Utf8FormattingTests : IDisposable
{
    private readonly Arena _arena = new();

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("größer")]
    [InlineData("😀")]
    public void Slices_and_strings_format_alike(string text)
    {
        Alike(NativeUtf8Slice.Copy(_arena, text), text);
        Alike(new NativeUtf8String<Arena>(_arena, text), text);
    }

    private static void Alike<T>(T native, string text) where T : ISpanFormattable, IUtf8SpanFormattable
    {
        Assert.Equal($"[{text}]", $"[{native}]");
        Assert.Equal(text, native.ToString(null, null));
        byte[] utf8 = Encoding.UTF8.GetBytes(text), bytes = new byte[utf8.Length];
        Assert.True(native.TryFormat(bytes, out int written, default, null));
        Assert.Equal((utf8.Length, text), (written, Encoding.UTF8.GetString(bytes)));
        if (text.Length > 0)
        {
            Assert.False(native.TryFormat(bytes.AsSpan(1), out written, default, null));
            Assert.Equal(0, written);
            Assert.False(native.TryFormat(new char[text.Length - 1], out _, default, null));
        }
    }
}
