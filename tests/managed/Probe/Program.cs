using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Gc.Probe;

/// <summary>Runs the case that is named, which prints what must be the same on every collector.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Action<string[]>> s_cases = new()
    {
        ["hello"] = _ => Console.WriteLine("Hello, world"),
        ["threads"] = _ => ThreadCases.ArraysAreZero(),
        ["churn"] = _ => ThreadCases.ShortThreads(),
        ["tasks"] = _ => ThreadCases.Tasks(),
        ["locks"] = _ => ThreadCases.Locks(),
        ["suspension"] = _ => ThreadCases.Suspension(),
        ["exceptions"] = _ => LanguageCases.Exceptions(),
        ["linq"] = _ => LanguageCases.Linq(),
        ["json"] = _ => LanguageCases.Json(),
        ["regex"] = _ => LanguageCases.CompiledRegex(),
        ["strings"] = _ => LanguageCases.FrozenStrings(),
        ["arrays"] = _ => LanguageCases.Arrays(),
        ["structures"] = _ => LanguageCases.ArraysOfStructures(),
        ["huge"] = _ => LanguageCases.HugeArrays(),
        ["contexts"] = _ => LoadingCases.CollectibleContexts(),
        ["emit"] = _ => LoadingCases.Emit(),
        ["handles"] = _ => HandleCases.AllKinds(),
        ["dependent"] = _ => HandleCases.Dependent(),
        ["weak-table"] = _ => HandleCases.WeakTable(),
        ["collect"] = _ => CollectorCases.Collect(),
        ["finalizers"] = _ => CollectorCases.Finalizers(),
        ["bytes"] = _ => CollectorCases.Bytes(),
        ["memory-info"] = _ => CollectorCases.MemoryInfo(),
        ["latency"] = _ => CollectorCases.LatencyModes(),
        ["region"] = _ => CollectorCases.NoCollectionRegion(),
        ["region-callback"] = _ => CollectorCases.NoCollectionRegionCallback(),
        ["pressure"] = _ => CollectorCases.MemoryPressure(),
        ["settings"] = _ => CollectorCases.Settings(),
        ["ticks"] = _ => EventCases.AllocationTicks(),
        ["counters"] = _ => EventCases.Counters(),
        ["web"] = _ => WebCases.UnderLoad(),
        ["fail"] = _ => FailureCases.FailFast(),
        ["full"] = _ => FailureCases.FillHeap(),
        ["too-large"] = _ => FailureCases.TooLargeArrays(),
        ["old-runtime"] = arguments => FailureCases.OldRuntime(arguments[1]),
        ["allocate"] = _ => HeapCases.AllocateUntilTold(),
        ["census"] = _ => HeapCases.Census(),
        ["recycled"] = _ => HeapCases.RecycledWindows(),
        ["waste"] = _ => HeapCases.Waste(),
        ["companion"] = _ => HeapCases.Companion(),
        ["available"] = _ => HeapCases.Available(),
    };

    private static int Main(string[] arguments)
    {
        if (arguments.FirstOrDefault() is not { } name
            || !s_cases.TryGetValue(name, out Action<string[]>? run))
        {
            Console.Error.WriteLine($"which case? {string.Join(' ', s_cases.Keys)}");
            return 2;
        }

        run(arguments);
        return 0;
    }
}
