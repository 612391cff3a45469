using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Parsing <c>/proc/self/maps</c>.</summary>
public sealed unsafe class MapsParserTests
{
    private const string Library =
        "7f0123456000-7f012345a000 r-xp 00026000 fe:01 1234567                    /usr/lib/libc.so.6\n";

    [Fact]
    public void Line_of_a_file()
    {
        (Mapping mapping, string path) = Assert.Single(Parse(Library, 64));
        Assert.Equal((0x7f01_2345_6000UL, 0x7f01_2345_a000UL), (mapping.Start, mapping.End));
        Assert.Equal((true, true, false), (mapping.IsReadable, mapping.IsExecutable, mapping.IsMainStack));
        Assert.Equal((0x26000UL, 1234567UL), (mapping.FileOffset, mapping.File));
        Assert.Equal(0xfe_0000_0001UL, mapping.Device);
        Assert.Equal("/usr/lib/libc.so.6", path);
    }

    [Theory]
    [InlineData("1000-2000 ---p 00000000 00:00 0 \n", "", false)]
    [InlineData("1000-2000 rw-p 00000000 00:00 0                          [heap]\n", "[heap]", false)]
    [InlineData("1000-2000 rw-p 00000000 00:00 0                          [stack]\n", "[stack]", true)]
    [InlineData("1000-2000 rw-p 00000000 00:00 0                          [stacks]\n", "[stacks]", false)]
    [InlineData("1000-2000 rw-s 00000000 00:01 5      /a file (deleted)\n", "/a file (deleted)", false)]
    public void Names(string line, string name, bool isMainStack)
    {
        (Mapping mapping, string path) = Assert.Single(Parse(line, 64));
        Assert.Equal((name, isMainStack), (path, mapping.IsMainStack));
        Assert.Equal(line[10] == 'r', mapping.IsReadable);
        Assert.False(mapping.IsExecutable);
    }

    [Fact]
    public void Long_path_is_cut()
    {
        List<(Mapping Mapping, string Path)> lines = Parse(Library + Library, 8);
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal("/usr/li", line.Path));
    }

    [Fact]
    public void All_lines_of_this_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the format of Linux");
        string text = File.ReadAllText("/proc/self/maps");
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<(Mapping Mapping, string Path)> parsed = Parse(text, 4096);
        Assert.Equal(lines.Length, parsed.Count);
        for (int index = 0; index < lines.Length; index++)
        {
            (Mapping mapping, string path) = parsed[index];
            string[] fields = lines[index].Split(' ', 6, StringSplitOptions.None);
            string range = string.Create(
                CultureInfo.InvariantCulture, $"{mapping.Start:x8}-{mapping.End:x8}");
            Assert.Equal(fields[0], range);
            Assert.Equal(fields[4], mapping.File.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(fields[5].Trim(), path);
        }
    }

    [Fact]
    public void Arbitrary_text_writes_no_other_memory()
    {
        Random random = new(3);
        using GuardedMemory memory = new(4096);
        byte* path = memory.End - 16;
        MapsParser parser = new(path, 16);
        for (int count = 0; count < 1_000_000; count++)
        {
            _ = parser.Add("0123456789abcdef-rwxp :/[stack]\n\n\u00ff"u8[random.Next(33)]);
        }
    }

    private static List<(Mapping Mapping, string Path)> Parse(string text, int capacity)
    {
        using GuardedMemory memory = new(capacity);
        byte* path = memory.End - capacity;
        MapsParser parser = new(path, capacity);
        List<(Mapping Mapping, string Path)> lines = [];
        foreach (byte character in Encoding.UTF8.GetBytes(text))
        {
            if (parser.Add(character))
            {
                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(path);
                lines.Add((parser.Mapping, Encoding.UTF8.GetString(name)));
            }
        }

        return lines;
    }
}
