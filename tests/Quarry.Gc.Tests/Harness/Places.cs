using System;
using System.IO;

namespace Quarry.Gc.Tests.Harness;

/// <summary>The paths of files that the tests use.</summary>
internal static class Places
{
    internal static string Probe { get; } = Repository.Built("Probe", "Probe.dll");

    internal static string Heap { get; } = Path.Combine(Repository.NativeImages, "libquarrygc.so");

    /// <summary>The code of the heap before it was compiled to native code.</summary>
    internal static string HeapAssembly { get; } = Repository.Built("Quarry.Gc", "libquarrygc.dll");

    internal static string Hook { get; } = Path.Combine(Repository.NativeImages, "libquarrygc.hook.dll");

    internal static string Quarry { get; } = Path.Combine(AppContext.BaseDirectory, "quarry");
}
