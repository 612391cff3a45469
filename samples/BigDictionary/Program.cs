// A table that is too big for the garbage collector: what a full collection costs while it is in memory.
//
//     dotnet run -c Release --project samples/BigDictionary -- [entries]

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using BigDictionary;
using Quarry;

int entries = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
TimeSpan managed = OfDictionary(entries, out double managedSum);
TimeSpan native = OfNativeDictionary(entries, out double nativeSum);
Console.WriteLine($"{entries} orders");
Console.WriteLine($"Dictionary        a full collection pauses for {managed.TotalMilliseconds:F1} ms");
Console.WriteLine($"NativeDictionary  a full collection pauses for {native.TotalMilliseconds:F1} ms");
Check(managedSum == nativeSum, "both tables have the same contents");
Check(native < managed, "the native table makes the pause shorter");
return Environment.ExitCode;

// Not inlined, so that nothing refers to the table when the next one is measured.
[MethodImpl(MethodImplOptions.NoInlining)]
static TimeSpan OfDictionary(int entries, out double sum)
{
    Dictionary<int, ManagedOrder> orders = new(entries);
    for (int number = 0; number < entries; number++)
    {
        orders.Add(number, new ManagedOrder(number % 1000, $"article {number % 5000}", number));
    }

    TimeSpan pause = Pause();
    sum = 0;
    foreach (ManagedOrder order in orders.Values)
    {
        sum += order.Price + order.Article.Length;
    }

    return pause;
}

[MethodImpl(MethodImplOptions.NoInlining)]
static TimeSpan OfNativeDictionary(int entries, out double sum)
{
    using Heap heap = new();
    NativeDictionary<int, Order, Heap> orders = new(heap, entries);
    for (int number = 0; number < entries; number++)
    {
        NativeUtf8Slice article = NativeUtf8Slice.Copy(heap, $"article {number % 5000}");
        orders.Add(number, new Order(number % 1000, article, number));
    }

    TimeSpan pause = Pause();
    sum = 0;
    foreach ((_, Order order) in orders)
    {
        sum += order.Price + order.Article.Length;
    }

    // The texts and the table end with the heap.
    return pause;
}

static TimeSpan Pause()
{
    GC.Collect();
    TimeSpan before = GC.GetTotalPauseDuration();
    GC.Collect();
    return GC.GetTotalPauseDuration() - before;
}

static void Check(bool holds, string statement)
{
    Console.WriteLine($"{(holds ? "ok" : "FAILED")}: {statement}");
    Environment.ExitCode |= holds ? 0 : 1;
}
