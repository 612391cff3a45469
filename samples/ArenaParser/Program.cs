using System;
using System.IO;
using System.Text;
using ArenaParser;
using Quarry;

// dotnet run --project samples/ArenaParser [-- file.json | -- '{"json": "text"}']
const string Default =
    """
    {
      "stone": "granite", "blocks": [12, 7.5, -1e3], "polished": true, "owner": null,
      "note": "cut \u2264 2\u00a0m, \"grade A\" \ud83e\udea8", "site": { "name": "Quarry", "depth": 64 }
    }
    """;
const int Rounds = 1000, Lines = 24;

string argument = args.Length > 0 ? args[0] : Default;
byte[] input = File.Exists(argument) ? File.ReadAllBytes(argument) : Encoding.UTF8.GetBytes(argument);

using Arena arena = new(limit: 1.GiB());
try
{
    unsafe
    {
        JsonNode* root = JsonParser.Parse(input, arena);
        Console.WriteLine("tree");
        new TreePrinter(Console.Out, Lines).Print(root);
        TreeSummary summary = TreeSummary.Of(root);
        Console.WriteLine(
            $"nodes     {summary.Nodes}, {summary.Depth} levels: {summary[JsonKind.Object]} objects, "
            + $"{summary[JsonKind.Array]} arrays, {summary[JsonKind.String]} strings, "
            + $"{summary[JsonKind.Number]} numbers");
    }

    Console.WriteLine(
        $"arena     {arena.UsedBytes} bytes in blocks, {arena.AllocatedBytesWithMetadata} in chunks");

    // Each round finds the chunks of the one before: no memory is taken, and none is given back.
    long before = GC.GetAllocatedBytesForCurrentThread();
    for (int round = 0; round < Rounds; round++)
    {
        arena.Reset();
        unsafe
        {
            _ = JsonParser.Parse(input, arena);
        }
    }

    long collected = GC.GetAllocatedBytesForCurrentThread() - before;
    Console.WriteLine(
        $"again     {Rounds} times: {arena.AllocatedBytesWithMetadata} bytes in chunks, "
        + $"{collected} bytes for the garbage collector");
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"No JSON: {wrong.Message}");
    return 1;
}
catch (OutOfMemoryException full)
{
    Console.Error.WriteLine($"Too large: {full.Message}");
    return 1;
}
