using System.Collections.Generic;
using System.Linq;
using Quarry.Tools;
using Quarry.Tools.Allocators;

namespace Quarry.ManagedBench;

/// <summary>A heap that takes part: its name, and the environment that selects it.</summary>
internal sealed record Heap(string Name, params string[] Settings)
{
    private static readonly string s_library = NativeFolder.Get("libquarrygc.so");

    /// <summary>The heap that the ratios refer to.</summary>
    internal static Heap Stock { get; } = new("stock");

    private static IReadOnlyList<Heap> All { get; } =
    [
        Stock,
        new("blocking", "DOTNET_gcConcurrent=0"),
        new("server", "DOTNET_gcServer=1"),
        new("gen0", "DOTNET_GCgen0size=10000000"),
        new("bump", $"DOTNET_GCPath={s_library}", "DOTNET_QuarryGCMode=bump"),
        new("collect", $"DOTNET_GCPath={s_library}", "DOTNET_QuarryGCMode=collect"),
        new("collect-blocking", $"DOTNET_GCPath={s_library}", "DOTNET_QuarryGCMode=collect",
            "DOTNET_gcConcurrent=0"),
    ];

    /// <summary>
    /// The arguments of <c>env</c> that start a program on the heap, whatever the environment of the
    /// comparison selects.
    /// </summary>
    internal IEnumerable<string> Arguments =>
    [
        "-uDOTNET_GCPath", "-uDOTNET_QuarryGCMode", "-uDOTNET_gcServer", "-uDOTNET_gcConcurrent",
        "-uDOTNET_GCgen0size", .. Settings,
    ];

    /// <summary>Returns heaps by their names, after the stock collector.</summary>
    internal static IReadOnlyList<Heap> Parse(string? names) =>
        names is null ? All : [Stock, .. names.Split(',').Where(name => name != Stock.Name).Select(Find)];

    private static Heap Find(string name) => All.FirstOrDefault(heap => heap.Name == name)
        ?? throw new QuarryException(
            $"no heap '{name}'; there are {string.Join(", ", All.Select(heap => heap.Name))}");
}
