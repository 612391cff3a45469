using System;
using Quarry.Cli.Output;
using Quarry.Tools.Output;
using Xunit;

namespace Quarry.Cli.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(10 * 1024, "10.0 KiB")]
    [InlineData(100 * 1024, "100 KiB")]
    [InlineData((1024 * 1024) - 1, "1.00 MiB")]
    [InlineData(5L << 30, "5.00 GiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes_are_written_in_binary_units(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("4096", 4096L)]
    [InlineData("64K", 64L << 10)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("3m", 3L << 20)]
    [InlineData("2GB", 2L << 30)]
    [InlineData("", null)]
    [InlineData("K", null)]
    [InlineData("1.5M", null)]
    [InlineData("-1", null)]
    [InlineData("12X", null)]
    [InlineData("9999999999G", null)]
    public void Sizes_are_read_with_suffixes(string text, long? expected) =>
        Assert.Equal(expected, ByteSize.Parse(text));

    [Theory]
    [InlineData(0.00042, "0.42 ms")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(0.5, "500 ms")]
    [InlineData(1.234, "1.23 s")]
    [InlineData(345.6, "346 s")]
    public void Times_are_written_with_a_fitting_unit(double seconds, string expected) =>
        Assert.Equal(expected, Duration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "████")]
    [InlineData(0.5, "██")]
    [InlineData(0.53125, "██▏")]
    public void Bars_have_steps_of_an_eighth(double share, string expected) =>
        Assert.Equal(expected, Bar.Draw(share, 1, 4));
}
