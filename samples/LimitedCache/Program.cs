// A cache on a heap with a budget: loads a hundred times as much, and prints what stayed.
//
//     dotnet run --project samples/LimitedCache

using System;
using LimitedCache;
using Quarry;

const int Requests = 100_000, Documents = 5_000, MaxLength = 4_000;

using BlobCache cache = new(1.MiB());
Random random = new(1);
byte[] page = new byte[MaxLength];
int hits = 0;
nuint highest = 0, loaded = 0;
for (int request = 0; request < Requests; request++)
{
    // A few documents are asked for much more often than the others, as on any web site.
    int document = (int)(Documents * Math.Pow(random.NextDouble(), 4));
    string key = $"/document/{document}";
    if (cache.TryGet(key, out ReadOnlySpan<byte> bytes))
    {
        hits++;
        if (bytes[0] != (byte)document)
        {
            throw new InvalidOperationException($"{key} is not what was stored.");
        }
    }
    else
    {
        int length = 100 + (document * 7919 % (MaxLength - 100));
        page.AsSpan(0, length).Fill((byte)document);
        loaded += cache.TryAdd(key, page.AsSpan(0, length)) ? (nuint)length : 0;
    }

    highest = cache.UsedBytes > highest ? cache.UsedBytes : highest;
}

// What no eviction could make room for evicts nothing.
bool stored = cache.TryAdd("/too/large", new byte[(int)cache.BudgetBytes + 1]);

Console.WriteLine($"budget       {cache.BudgetBytes,12:N0} bytes");
Console.WriteLine($"highest use  {highest,12:N0} bytes");
Console.WriteLine($"loaded       {loaded,12:N0} bytes");
Console.WriteLine($"requests     {Requests,12:N0}, {100.0 * hits / Requests:F1} % served from the cache");
Console.WriteLine($"evicted      {cache.Evicted,12:N0} documents");
Console.WriteLine($"left         {cache.Count,12:N0} documents in {cache.UsedBytes:N0} bytes");
Console.WriteLine($"too large    {(stored ? "stored" : "refused"),12}, failed requests: {cache.Refused}");
