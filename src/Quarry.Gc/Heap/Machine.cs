using System;

namespace Quarry.Gc;

/// <summary>The memory that the process may have: the machine's, or its container's.</summary>
internal static unsafe class Machine
{
    /// <summary>In bytes; 0 if the system does not tell.</summary>
    internal static ulong MemoryBytes()
    {
        ulong machine = Os.TotalMemory();
        return ControlGroup.TryGetLimit(out ulong limit, out _) && limit < machine ? limit : machine;
    }

    /// <summary>
    /// What of it is in use; files that the system keeps in memory are not, as they can go.
    /// </summary>
    internal static ulong UsedBytes()
    {
        ulong machine = Os.TotalMemory();
        ulong available = AvailableBytes();
        return ControlGroup.TryGetLimit(out ulong limit, out ulong used) && limit < machine
            ? used
            : machine > available ? machine - available : 0;
    }

    /// <summary>The limit of the container in bytes; 0 for none that is less than the machine has.</summary>
    internal static ulong ContainerLimit() =>
        ControlGroup.TryGetLimit(out ulong limit, out _) && limit < Os.TotalMemory() ? limit : 0;

    private static ulong AvailableBytes()
    {
        const int Capacity = 1024;
        byte* text = stackalloc byte[Capacity];
        ReadOnlySpan<byte> file = new(text, (int)OsFile.Read("/proc/meminfo"u8, text, Capacity));
        int at = ControlGroup.Find(file, "MemAvailable:"u8);
        while (at >= 0 && at < file.Length && file[at] == ' ')
        {
            at++;
        }

        return at >= 0 && ControlGroup.TryParse(file.Slice(at), out ulong kilobytes) ? kilobytes << 10 : 0;
    }
}
