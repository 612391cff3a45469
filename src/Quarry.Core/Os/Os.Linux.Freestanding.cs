namespace Quarry;

/// <content>The implementation of the contract in an image for Linux.</content>
internal static unsafe partial class Os
{
    internal static partial nuint PageSize => Linux.PageSize;

    internal static partial int AddressBits => Linux.AddressBits;

    internal static partial bool IsOnSignalStack() => Linux.IsOnSignalStack();

    internal static partial void* Map(nuint size) => Linux.Map(size);

    internal static partial void Unmap(void* start, nuint size) => Linux.Unmap(start, size);

    internal static partial bool Commit(void* start, nuint size) => Linux.Commit(start, size);

    internal static partial void Decommit(void* start, nuint size) => Linux.Decommit(start, size);

    internal static partial bool MakeReadOnly(void* start, nuint size) => Linux.MakeReadOnly(start, size);

    internal static partial bool MakeWritable(void* start, nuint size) => Linux.MakeWritable(start, size);

    internal static partial nuint Resident(void* start, nuint size) => Linux.Resident(start, size);

    internal static partial bool IsMapped(void* page) => Linux.IsMapped(page);

    internal static partial bool IsReadable(void* address) => Linux.IsReadable(address);

    internal static partial void AvoidHugePages(void* start, nuint size) => Linux.AvoidHugePages(start, size);

    internal static partial bool IsFiltered() => Linux.FilterMode() > 0;

    internal static partial void PreferHugePages(void* start, nuint size) =>
        Linux.PreferHugePages(start, size);

    internal static partial bool TryCollapse(void* start, nuint size) => Linux.TryCollapse(start, size);

    internal static partial int ProcessId() => Linux.ProcessId();

    internal static partial int ParentProcessId() => Linux.ParentProcessId();

    internal static partial int ThreadId() => Linux.ThreadId();

    internal static partial bool ThreadHasEnded(int processId, int threadId) =>
        Linux.ThreadHasEnded(processId, threadId);

    internal static partial void Yield() => Linux.Yield();

    internal static partial void Sleep() => Linux.Sleep();

    internal static partial nuint Milliseconds() => Linux.Milliseconds();

    internal static partial ulong Nanoseconds() => Linux.Nanoseconds();

    internal static partial ulong ThreadNanoseconds() => Linux.ThreadNanoseconds();

    internal static partial nuint AddressSpaceLimit() => Linux.AddressSpaceLimit();

    internal static partial ulong TotalMemory() => Linux.TotalMemory();

    internal static partial uint CurrentProcessor() => Linux.CurrentProcessor();

    internal static partial bool TryGetProcessors(System.Span<ulong> bits) => Linux.TryGetProcessors(bits);

    internal static partial void Wait(uint* word, uint value) => Linux.Wait(word, value);

    internal static partial void Wait(uint* word, uint value, nuint milliseconds) =>
        Linux.Wait(word, value, milliseconds);

    internal static partial void NameThread(System.ReadOnlySpan<byte> name) => Linux.NameThread(name);

    internal static partial void Wake(uint* word) => Linux.Wake(word);

    internal static partial bool Write(int descriptor, byte* bytes, nuint count) =>
        Linux.Write(descriptor, bytes, count);

    internal static partial ulong FileIdentity(int descriptor, out bool appends) =>
        Linux.FileIdentity(descriptor, out appends);

    internal static partial nuint ExecutablePath(byte* path, nuint size) => Linux.ExecutablePath(path, size);

    internal static partial bool TryGetCurrentFolder(byte* path, nuint size) =>
        Linux.TryGetCurrentFolder(path, size);

    internal static partial bool HasElevatedRights() => Linux.HasElevatedRights();

    internal static partial void Abort() => Linux.Abort();
}
