using System.Text;
using Xunit;

namespace Quarry.Core.Tests;

public class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("65536", 65536)]
    [InlineData("64K", 64 << 10)]
    [InlineData("64k", 64 << 10)]
    [InlineData("512M", 512 << 20)]
    [InlineData("2g", 2L << 30)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("8589934591G", 8589934591L << 30)]
    public void A_size_is_parsed(string text, long expected)
    {
        Assert.True(SizeText.TryParse(Encoding.UTF8.GetBytes(text), out nuint value));
        Assert.Equal((nuint)expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("-1")]
    [InlineData("1 K")]
    [InlineData("1KB")]
    [InlineData("1T")]
    [InlineData("1.5G")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999")]
    [InlineData("8589934592G")]
    public void Other_text_is_refused(string text) =>
        Assert.False(SizeText.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
