using System.Runtime;

namespace Quarry.Gc;

/// <summary>The functions of the library that the runtime looks up and calls first.</summary>
internal static unsafe class Exports
{
    private const uint Major = 5, Minor = 5;

    // The version that .NET 10 reports for its side. Earlier runtimes lack functions that are called here.
    private const uint OldestRuntime = 4;
    private const int Ok = 0, Fail = unchecked((int)0x80004005), OutOfMemory = unchecked((int)0x8007000E);

    private static uint s_runtime;

    /// <summary>Returns the version of the interface, and records the version of the runtime.</summary>
    [RuntimeExport("GC_VersionInfo")]
    internal static void VersionInfo(VersionInfo* version)
    {
        s_runtime = version->Major;
        version->Major = Major;
        version->Minor = Minor;
        version->Build = 0;
        fixed (byte* name = "Quarry"u8)
        {
            // Read-only data of the image, which does not move.
            version->Name = name;
        }
    }

    /// <summary>Creates the heap. At this point, the runtime provides only its settings.</summary>
    [RuntimeExport("GC_Initialize")]
    internal static int Initialize(void* runtime, void** heap, void** handles, DacVariables* variables)
    {
        if (s_runtime < OldestRuntime)
        {
            ReportOldRuntime();
            return Fail;
        }

        Runtime.Attach(runtime);
        Os.Linux.SetVdso(AuxiliaryVector.Read(AuxiliaryVector.Vdso));
        HeapMode.Read();
        if (HeapMode.IsCollecting)
        {
            CollectorSettings.Read();
        }

        AbortReport.Install();
        _ = HeapLimit.TryRefresh();
        if (!ManagedHeap.TryCreate() || !DacVariables.TryFill(variables)
            || (HeapMode.IsCollecting && !Collector.TryCreate()))
        {
            ReportNoAddressSpace();
            return OutOfMemory;
        }

        *heap = GcHeap.Create();
        *handles = HandleManager.Create();
        return Ok;
    }

    // The runtime itself prints only an error code.
    private static void ReportOldRuntime()
    {
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: libquarrygc.so needs .NET 10 or later: the runtime's interface version is "u8);
        text.Append(s_runtime);
        text.Append(", and .NET 10 has "u8);
        text.Append(OldestRuntime);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }

    private static void ReportNoAddressSpace()
    {
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: the managed heap cannot reserve "u8);
        text.Append(ManagedHeap.MinReserve);
        text.Append(" bytes of address space. Raise the limit ('ulimit -v')\n"u8);
        StandardError.Write(ref text);
    }
}
