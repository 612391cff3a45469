using System.Runtime;

namespace Quarry.Gc;

/// <summary>What the runtime calls first.</summary>
internal static unsafe class Exports
{
    private const uint Major = 5, Minor = 5;
    private const int Ok = 0, OutOfMemory = unchecked((int)0x8007000E);

    /// <summary>Says which version of the interface this is: that of .NET 10.</summary>
    [RuntimeExport("GC_VersionInfo")]
    internal static void VersionInfo(VersionInfo* version)
    {
        version->Major = Major;
        version->Minor = Minor;
        version->Build = 0;
        fixed (byte* name = "Quarry"u8)
        {
            // Read-only data of the image: it does not move.
            version->Name = name;
        }
    }

    [RuntimeExport("GC_Initialize")]
    internal static int Initialize(void* runtime, void** heap, void** handles, DacVariables* variables)
    {
        Runtime.Attach(runtime);
        HeapMode.Read();
        Budget.Read();
        if (!ManagedHeap.TryCreate() || !DacVariables.TryFill(variables))
        {
            return OutOfMemory;
        }

        *heap = Collector.Create();
        *handles = HandleManager.Create();
        return Ok;
    }
}
