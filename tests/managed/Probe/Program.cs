using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Gc.Probe;

/// <summary>Runs one case, which prints the same on every collector unless it is about Quarry's.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Action<string[]>> s_cases = new()
    {
        ["hello"] = _ => Console.WriteLine("Hello, world"),
        ["threads"] = _ => ThreadCases.ArraysAreZero(),
        ["churn"] = _ => ThreadCases.ShortThreads(),
        ["exited-threads"] = _ => ExitedThreadCases.Run(),
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
        ["region-callbacks"] = _ => CollectorCases.NoCollectionRegionCallbacks(),
        ["region-ended"] = _ => CollectorCases.NoCollectionRegionEnded(),
        ["low-latency"] = _ => CollectorCases.LowLatency(),
        ["collection-count"] = _ => CollectorCases.CollectionCount(),
        ["compaction"] = _ => CollectorCases.CompactOnce(),
        ["notifications"] = _ => CollectorCases.Notifications(),
        ["pressure"] = _ => CollectorCases.MemoryPressure(),
        ["settings"] = _ => CollectorCases.Settings(),
        ["ticks"] = _ => EventCases.AllocationTicks(),
        ["counters"] = _ => EventCases.Counters(),
        ["collection-events"] = _ => EventCases.Collections(),
        ["web"] = _ => WebCases.UnderLoad(),
        ["fail"] = _ => FailureCases.FailFast(),
        ["fail-while-allocating"] = _ => FailureCases.FailWhileAllocating(),
        ["overflow-stack"] = _ => FailureCases.OverflowStack(),
        ["read-nothing"] = _ => FailureCases.ReadNothing(),
        ["fail-in-finalizer"] = _ => FailureCases.FailInFinalizer(),
        ["fail-with-handles"] = _ => FailureCases.FailWithHandles(),
        ["full"] = _ => FailureCases.FillHeap(),
        ["too-large"] = _ => FailureCases.TooLargeArrays(),
        ["overwritten"] = _ => FailureCases.OverwriteLength(),
        ["running"] = _ => FailureCases.ExitWhileAllocating(),
        ["terminate"] = arguments => FailureCases.TerminateItself(arguments[1]),
        ["handle"] = arguments => FailureCases.HandleSignal(arguments[1]),
        ["ignore"] = arguments => FailureCases.IgnoreSignal(arguments[1]),
        ["unhandled"] = _ => FailureCases.Unhandled(),
        ["redirected"] = _ => FailureCases.RedirectError(),
        ["old-runtime"] = arguments => FailureCases.OldRuntime(arguments[1]),
        ["graphs"] = arguments => CollectionCases.Graphs(arguments[1], arguments[2]),
        ["order"] = _ => CollectionCases.FinalizationOrder(),
        ["files"] = _ => CollectionCases.LostFiles(),
        ["unloaded"] = _ => CollectionCases.UnloadedContexts(),
        ["interior"] = _ => CollectionCases.InteriorPointers(),
        ["deep"] = _ => CollectionCases.DeepGraphs(),
        ["recursion"] = _ => CollectionCases.DeepRecursion(),
        ["garbage"] = _ => CollectionCases.GarbageBeyondLimit(),
        ["full-twice"] = _ => CollectionCases.FullTwice(),
        ["returned"] = _ => CollectionCases.Returned(),
        ["numbers"] = _ => CollectionCases.Numbers(),
        ["mutators"] = _ => CollectionCases.Mutators(),
        ["batch"] = _ => ConcurrentCases.MutatorsInBatchMode(),
        ["list"] = _ => ConcurrentCases.GrowingList(),
        ["idle"] = _ => ConcurrentCases.Idle(),
        ["swaps"] = _ => CollectionCases.Swaps(),
        ["sync-blocks"] = _ => CollectionCases.SyncBlocks(),
        ["many-handles"] = arguments => ManyCases.Handles(arguments[1]),
        ["old-handles"] = arguments => ManyCases.OldHandles(arguments[1]),
        ["small-holes"] = arguments => ManyCases.SmallHoles(arguments[1]),
        ["many-sync-blocks"] = arguments => ManyCases.SyncBlocks(arguments[1]),
        ["many-threads"] = arguments => ManyCases.Threads(arguments[1]),
        ["many-contexts"] = arguments => ManyCases.Contexts(arguments[1]),
        ["flat"] = arguments => FlatCases.Run(arguments[1], arguments[2], arguments[3]),
        ["soak"] = arguments => FlatCases.Soak(arguments[1], arguments[2]),
        ["fragmentation"] = _ => FlatCases.Fragmentation(),
        ["mark-threads"] = _ => ManyCases.MarkThreads(),
        ["allocate"] = _ => HeapCases.AllocateUntilInputEnds(),
        ["census"] = _ => HeapCases.Census(),
        ["reused"] = _ => HeapCases.ReusedQuanta(),
        ["waste"] = _ => HeapCases.Waste(),
        ["library"] = _ => HeapCases.Library(),
        ["together"] = _ => HeapCases.FillTogether(),
        ["refresh"] = _ => HeapCases.RefreshLimit(),
        ["available"] = _ => HeapCases.Available(),
    };

    private static int Main(string[] arguments)
    {
        if (arguments.FirstOrDefault() is not { } name
            || !s_cases.TryGetValue(name, out Action<string[]>? run))
        {
            Console.Error.WriteLine($"expected a case: {string.Join(' ', s_cases.Keys)}");
            return 2;
        }

        run(arguments);
        return 0;
    }
}
