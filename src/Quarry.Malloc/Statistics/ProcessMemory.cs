using System;

namespace Quarry.Malloc;

/// <summary>The memory of the process as the kernel reports it, in bytes.</summary>
internal unsafe struct ProcessMemory
{
    internal nuint ResidentBytes;

    internal nuint PeakResidentBytes;

    /// <summary>Reads <c>/proc/self/status</c>; returns zeros if the file cannot be read.</summary>
    /// <param name="buffer">A buffer for the file, which is long if the process has many groups.</param>
    internal static ProcessMemory Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> status;
        fixed (byte* text = buffer)
        {
            nuint length = OsFile.Read("/proc/self/status\0"u8, text, (nuint)buffer.Length);
            status = new ReadOnlySpan<byte>(text, (int)length);
        }

        return new ProcessMemory
        {
            ResidentBytes = KibibytesAfter(status, "\nVmRSS:"u8) * 1024,
            PeakResidentBytes = KibibytesAfter(status, "\nVmHWM:"u8) * 1024,
        };
    }

    private static nuint KibibytesAfter(ReadOnlySpan<byte> status, ReadOnlySpan<byte> label)
    {
        int at = status.IndexOf(label);
        nuint value = 0;
        for (at = at < 0 ? status.Length : at + label.Length; at < status.Length && status[at] != '\n'; at++)
        {
            value = status[at] is >= (byte)'0' and <= (byte)'9'
                ? (value * 10) + (nuint)(status[at] - '0')
                : value;
        }

        return value;
    }
}
