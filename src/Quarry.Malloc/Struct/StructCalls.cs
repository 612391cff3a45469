using System.Runtime;

namespace Quarry.Malloc;

/// <summary>Called by the assembly stubs of an image for other purposes than allocating.</summary>
internal static class StructCalls
{
    [RuntimeExport("quarry_at_load")]
    internal static void OnLoad() => ProcessAllocator.OnLoad();
}
