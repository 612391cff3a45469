using System.Runtime;

namespace Quarry.Gc;

/// <summary>What the runtime calls first.</summary>
internal static unsafe class Exports
{
    private const uint Major = 5, Minor = 5;

    // What .NET 10 says of its own half of the interface. Earlier ones lack what is relied on here.
    private const uint OldestRuntime = 4;
    private const int Ok = 0, Fail = unchecked((int)0x80004005), OutOfMemory = unchecked((int)0x8007000E);

    private static uint s_runtime;

    /// <summary>Says which version of the interface this is, and remembers the runtime's.</summary>
    [RuntimeExport("GC_VersionInfo")]
    internal static void VersionInfo(VersionInfo* version)
    {
        s_runtime = version->Major;
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
        if (s_runtime < OldestRuntime)
        {
            ReportOldRuntime();
            return Fail;
        }

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

    // The runtime itself only says that the initialization failed.
    private static void ReportOldRuntime()
    {
        TextBuffer text = new(stackalloc byte[256]);
        text.Append("quarry: this heap is for .NET 10 or later; the runtime's interface version is "u8);
        text.Append(s_runtime);
        text.Append(", and .NET 10 has "u8);
        text.Append(OldestRuntime);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }
}
