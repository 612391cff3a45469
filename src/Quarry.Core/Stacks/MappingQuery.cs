namespace Quarry;

/// <summary>The kernel's <c>struct procmap_query</c>.</summary>
internal unsafe struct MappingQuery
{
    /// <summary>The result of a query for an address that is not mapped.</summary>
    internal const nint NotMapped = -2;

    private const ulong ReadableFlag = 1, ExecutableFlag = 4;

    public ulong Size;
    public ulong QueryFlags;
    public ulong Address;
    public ulong Start;
    public ulong End;
    public ulong Flags;
    public ulong PageSize;
    public ulong FileOffset;
    public ulong File;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public uint NameSize;
    public uint BuildIdSize;
    public ulong NameAddress;
    public ulong BuildIdAddress;

    /// <summary>Returns the mapping that the kernel has reported.</summary>
    /// <param name="name">The name of the mapping, zero-terminated; null if it was not asked for.</param>
    internal readonly Mapping ToMapping(byte* name) => new()
    {
        Start = (nuint)Start,
        End = (nuint)End,
        FileOffset = FileOffset,
        File = File,
        Device = ((ulong)DeviceMajor << 32) | DeviceMinor,
        IsReadable = (Flags & ReadableFlag) != 0,
        IsExecutable = (Flags & ExecutableFlag) != 0,
        IsMainStack = name != null && Mapping.IsMainStackName(name),
    };
}
