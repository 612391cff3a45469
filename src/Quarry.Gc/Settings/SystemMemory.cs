using System;

namespace Quarry.Gc;

/// <summary>Reads the memory that the process may use: that of the machine, or of its container.</summary>
internal static unsafe class SystemMemory
{
    /// <summary>Returns the total number of bytes; 0 if unknown.</summary>
    internal static ulong TotalBytes()
    {
        ulong machine = Os.TotalMemory();
        return ControlGroup.TryGetLimit(out ulong limit, out _) && limit < machine ? limit : machine;
    }

    /// <summary>
    /// Returns the number of those bytes in use. On a machine, cached files that the system can drop are
    /// excluded; in a container, they are included.
    /// </summary>
    internal static ulong UsedBytes()
    {
        ulong machine = Os.TotalMemory();
        if (ControlGroup.TryGetLimit(out ulong limit, out ulong used) && limit < machine)
        {
            return used;
        }

        ulong available = AvailableBytes();
        return machine > available ? machine - available : 0;
    }

    /// <summary>Returns what percentage of the memory a number of bytes is; 0 if unknown.</summary>
    internal static uint Percentage(ulong bytes)
    {
        ulong total = TotalBytes();
        return total == 0 ? 0 : (uint)(bytes * 100 / total);
    }

    /// <summary>
    /// Returns the limit of the container, in bytes; 0 if there is none below the memory of the machine.
    /// </summary>
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
