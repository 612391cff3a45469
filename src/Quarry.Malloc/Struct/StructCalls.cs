using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The hooks that the assembly stubs of an image call.</summary>
internal static class StructCalls
{
    [RuntimeExport("quarry_at_load")]
    internal static void OnLoad() => ProcessAllocator.OnLoad();
}
