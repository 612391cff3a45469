using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quarry.ImageLayout;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>Layouts in metadata are those of the runtime, and different C structs are reported.</summary>
public sealed unsafe class LayoutTests : IDisposable
{
    private const string Prefix = "Quarry.Freestanding.Tests.LayoutTests.";

    private readonly string _folder = Directory.CreateTempSubdirectory("quarry-layout-").FullName;
    private readonly AssemblyLayouts _layouts = new(typeof(LayoutTests).Assembly.Location);

    public void Dispose()
    {
        _layouts.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Constants_and_explicit_layouts_are_as_declared()
    {
        Placed value = default;
        Equal(Placed.Bytes, "Placed.Bytes");
        Equal(sizeof(Placed), "sizeof Placed");
        Equal((byte*)&value.Last - (byte*)&value, "Placed.Last");
        Equal(-1, "Placed.Negative");
    }

    [Fact]
    public void Sequential_layouts_are_those_of_the_runtime()
    {
        Sequence value = default;
        byte* start = (byte*)&value;
        Equal((byte*)&value.Next - start, "Sequence.Next");
        Equal((byte*)&value.Small - start, "Sequence.Small");
        Equal((byte*)value.Words - start, "Sequence.Words");
        Equal((byte*)&value.Inner - start, "Sequence.Inner");
        Equal((byte*)&value.Day - start, "Sequence.Day");
        Equal((byte*)&value.Function - start, "Sequence.Function");
        Equal((byte*)&value.Cells - start, "Sequence.Cells");
        Equal((byte*)&value.Last - start, "Sequence.Last");
        Equal(sizeof(Sequence), "sizeof Sequence");
        Equal(sizeof(Packed), "sizeof Packed");
        Equal(sizeof(Padded), "sizeof Padded");
    }

    [Theory]
    [InlineData("X = Absent.Field", "has no struct named")]
    [InlineData("X = Placed.Absent", "no field and no integer constant named 'Absent'")]
    [InlineData("X Placed.Last", "Expected 'NAME = Type.Member'")]
    [InlineData("absent.h: s = Placed", "absent.h does not exist")]
    public void An_invalid_entry_is_reported_with_its_line(string entry, string text)
    {
        LayoutException error = Assert.Throws<LayoutException>(() => Resolve("# list\n" + Full(entry)));
        Assert.Contains("layout.txt(2): error QRY016: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matching_header_passes() =>
        Assert.Empty(Compare("size_t in_use_bytes; /* ; */\n    uint32_t *threads;\n    uint16_t parts[2];"));

    [Theory]
    [InlineData("size_t in_use;\nuint32_t *threads;\nuint16_t parts[2];", 2, "'in_use' (offset 0, 8 bytes)")]
    [InlineData("uint32_t *threads;\nsize_t in_use_bytes;\nuint16_t parts[2];", 2, "'threads'")]
    [InlineData("size_t in_use_bytes;\nint threads;\nuint16_t parts[2];", 3, "'threads' (offset 8, 4 bytes)")]
    [InlineData("size_t in_use_bytes;\nuint32_t *threads;", 1, "no member for 'Parts'")]
    [InlineData(
        "size_t in_use_bytes;\nuint32_t *threads;\nuint16_t parts[2];\nint more;", 5, "match any field")]
    [InlineData("odd_t in_use_bytes;", 2, "The size of 'odd_t' is not known")]
    [InlineData(
        "size_t in_use_bytes;\nuint32_t *threads;\nuint16_t parts[2];\nvoid (*hook)(void);", 1,
        "'void (*hook)(void);' in struct counts is not a member that can be checked")]
    public void A_different_header_is_reported_with_its_line(string members, int line, string text)
    {
        LayoutException error = Assert.Throws<LayoutException>(() => Compare(members));
        Assert.Contains($"api.h({line}): error QRY017: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private void Equal(long expected, string entry) =>
        Assert.Equal($"    .set VALUE, {expected}", Assert.Single(Resolve(Full("VALUE = " + entry))));

    private string[] Compare(string members)
    {
        string header = $"typedef struct counts {{\n{members}\n}} counts;\n";
        File.WriteAllText(Path.Combine(_folder, "api.h"), header);
        return Resolve(Full("api.h: counts = Counts"));
    }

    private string[] Resolve(string list)
    {
        string path = Path.Combine(_folder, "layout.txt");
        File.WriteAllText(path, list);
        IEnumerable<LayoutEntry> entries = LayoutEntry.ReadAll(path);
        return [.. entries.SelectMany(entry => entry.Resolve(_layouts))];
    }

    // Entries of these tests leave out the namespace.
    private static string Full(string entry)
    {
        string[] sides = entry.Split("= ");
        return sides.Length == 1 ? entry
            : sides[1].StartsWith("sizeof ", StringComparison.Ordinal)
                ? $"{sides[0]}= sizeof {Prefix}{sides[1]["sizeof ".Length..]}"
                : $"{sides[0]}= {Prefix}{sides[1]}";
    }

    [StructLayout(LayoutKind.Explicit, Size = Bytes)]
    internal struct Placed
    {
        internal const int Bytes = 96, Negative = -1;

        [FieldOffset(Bytes - 24)]
        public void* Last;
    }

    internal struct Sequence
    {
        public byte First;
        public Sequence* Next;
        public short Small;
        public fixed int Words[3];
        public Packed Inner;
        public Weekday Day;
        public delegate*<void> Function;
        public Cells Cells;
        public volatile uint Flag;
        public bool Last;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    internal struct Packed
    {
        public byte First;
        public long Wide;
        public byte Last;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct Padded
    {
        public nuint First;
    }

    [InlineArray(5)]
    internal struct Cells
    {
        public ushort First;
    }

    internal enum Weekday : byte
    {
        Monday,
    }

    internal struct Counts
    {
        public nuint InUseBytes { get; set; }

        public uint* Threads { get; set; }

        public fixed ushort Parts[2];
    }
}
