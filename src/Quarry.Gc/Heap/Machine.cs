namespace Quarry.Gc;

/// <summary>The memory that the process may have: the machine's, or its container's.</summary>
internal static unsafe class Machine
{
    /// <summary>In bytes; 0 if the system does not tell.</summary>
    internal static ulong MemoryBytes()
    {
        ulong machine = Os.TotalMemory(out _);
        ulong container = ContainerLimit();
        return container != 0 && container < machine ? container : machine;
    }

    internal static ulong FreeBytes()
    {
        _ = Os.TotalMemory(out ulong free);
        return free;
    }

    /// <summary>The limit of the control group, version 2, as the process sees it; 0 for none.</summary>
    internal static ulong ContainerLimit()
    {
        const int Capacity = 32;
        byte* text = stackalloc byte[Capacity];
        nuint length = OsFile.Read("/sys/fs/cgroup/memory.max"u8, text, Capacity);
        ulong limit = 0;
        for (nuint at = 0; at < length && text[at] >= '0' && text[at] <= '9'; at++)
        {
            limit = (limit * 10) + (ulong)(text[at] - '0');
        }

        return limit;
    }
}
