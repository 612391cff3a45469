using System.Runtime;

namespace Quarry.Malloc;

/// <summary>What the image is called for beside allocating.</summary>
internal static class StructCalls
{
    [RuntimeExport("quarry_at_load")]
    internal static void OnLoad() => ProcessAllocator.OnLoad();
}
