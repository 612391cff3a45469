namespace Quarry;

/// <summary>A program header of a 64-bit ELF image.</summary>
internal struct ProgramHeader
{
    internal const uint Load = 1, Dynamic = 2, Note = 4;
    internal const uint EhFrameHeader = 0x6474_e550, RelocatedReadOnly = 0x6474_e552;
    internal const uint Executable = 1, Readable = 4;

    internal uint Type { get; init; }

    internal uint Flags { get; init; }

    internal ulong FileOffset { get; init; }

    internal ulong Address { get; init; }

    internal ulong PhysicalAddress { get; init; }

    internal ulong FileSize { get; init; }

    internal ulong MemorySize { get; init; }

    internal ulong Alignment { get; init; }
}
