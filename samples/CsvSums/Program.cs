// Sums the values of each station of a file, in the way of text books, in the best way of the BCL, and with
// the names in an arena.
//
//     dotnet run -c Release --project samples/CsvSums -- [rows]

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using CsvSums;
using Quarry;

const int Rounds = 5;
int rows = args.Length > 0 ? int.Parse(args[0]) : 500_000;
byte[] file = Rows.Generate(rows);
(string Name, Func<byte[], long> Run)[] ways =
[
    ("strings, Split", SplitLines), ("look-up by span", LookUpSpans), ("names in an arena", InAnArena),
];
double[] best = [.. ways.Select(_ => double.MaxValue)];
long[] sums = new long[ways.Length], bytes = new long[ways.Length];
for (int round = 0; round < Rounds; round++)
{
    for (int way = 0; way < ways.Length; way++)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        sums[way] = ways[way].Run(file);
        best[way] = Math.Min(best[way], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        bytes[way] = GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

Console.WriteLine($"{rows} rows, {file.Length} bytes");
for (int way = 0; way < ways.Length; way++)
{
    Console.WriteLine($"{ways[way].Name,-17} {best[way],8:F1} ms {bytes[way],12} managed bytes");
}

Check(sums.Distinct().Count() == 1, "all ways have the same result");
Check(bytes[2] < 1000, "the arena's way leaves the managed heap alone");
return Environment.ExitCode;

static long SplitLines(byte[] file)
{
    Dictionary<string, Sum> sums = [];
    using StreamReader reader = new(new MemoryStream(file));
    while (reader.ReadLine() is { } row)
    {
        string[] fields = row.Split(';');
        Sum sum = sums.GetValueOrDefault(fields[0]);
        sum.Add((int)Math.Round(double.Parse(fields[1]) * 10));
        sums[fields[0]] = sum;
    }

    return sums.Values.Sum(sum => sum.Tenths * sum.Count);
}

static long LookUpSpans(byte[] file)
{
    Dictionary<string, Sum> sums = [];
    var names = sums.GetAlternateLookup<ReadOnlySpan<char>>();
    Span<char> name = stackalloc char[100];
    ReadOnlySpan<byte> text = file;
    while (!text.IsEmpty)
    {
        ReadOnlySpan<byte> row = Rows.Next(ref text);
        int separator = row.IndexOf((byte)';');
        int length = Encoding.UTF8.GetChars(row[..separator], name);
        CollectionsMarshal.GetValueRefOrAddDefault(names, name[..length], out _)
            .Add(Rows.Tenths(row[(separator + 1)..]));
    }

    return sums.Values.Sum(sum => sum.Tenths * sum.Count);
}

static long InAnArena(byte[] file)
{
    using Arena arena = new();
    NativeDictionary<NativeUtf8Slice, Sum, Arena> sums = new(arena);
    var names = sums.GetAlternateLookup<ReadOnlySpan<byte>, NativeUtf8Comparer<Arena>>(new(arena));
    ReadOnlySpan<byte> text = file;
    while (!text.IsEmpty)
    {
        ReadOnlySpan<byte> row = Rows.Next(ref text);
        int separator = row.IndexOf((byte)';');
        names.GetValueRefOrAddDefault(row[..separator], out _).Add(Rows.Tenths(row[(separator + 1)..]));
    }

    long result = 0;
    foreach ((_, Sum sum) in sums)
    {
        result += sum.Tenths * sum.Count;
    }

    return result;
}

static void Check(bool holds, string statement)
{
    Console.WriteLine($"{(holds ? "ok" : "FAILED")}: {statement}");
    Environment.ExitCode |= holds ? 0 : 1;
}
