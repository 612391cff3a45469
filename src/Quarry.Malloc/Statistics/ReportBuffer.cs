using System;

namespace Quarry.Malloc;

/// <summary>A buffer for a report; mapped, because a thread may have only 16 KiB of stack.</summary>
internal readonly unsafe struct ReportBuffer
{
    // The longest report is a record: 80 classes of at most 160 bytes each, and a program path of 4 KiB, each
    // byte of which may become an escape sequence of six.
    private const int TextCapacity = 40 * 1024;

    private readonly byte* _memory;

    private ReportBuffer(byte* memory) => _memory = memory;

    /// <summary>Gets the buffer for the statistics of each size class.</summary>
    internal SizeClassStatistics* Classes => (SizeClassStatistics*)_memory;

    /// <summary>Gets the buffer for the text of the report.</summary>
    internal Span<byte> Text => new(_memory + ClassBytes, TextCapacity);

    private static nuint ClassBytes => (nuint)SmallSizes<Geometry>.Count * (nuint)sizeof(SizeClassStatistics);

    private static nuint Size => ClassBytes + TextCapacity;

    internal static bool TryMap(out ReportBuffer buffer)
    {
        buffer = new ReportBuffer((byte*)Os.Map(Size));
        return buffer._memory != null;
    }

    internal void Unmap() => Os.Unmap(_memory, Size);
}
