using System;

namespace Quarry.Malloc;

/// <summary>What the kernel says of the memory of the process, in bytes.</summary>
internal unsafe struct ProcessMemory
{
    /// <summary>Resident at the moment.</summary>
    internal nuint Resident;

    /// <summary>The most that was ever resident.</summary>
    internal nuint PeakResident;

    internal static ProcessMemory Read()
    {
        const int Size = 4096;
        byte* text = stackalloc byte[Size];
        nuint length = OsFile.Read("/proc/self/status\0"u8, text, Size);
        return new ProcessMemory
        {
            Resident = KibiBytes(text, length, "\nVmRSS:"u8) * 1024,
            PeakResident = KibiBytes(text, length, "\nVmHWM:"u8) * 1024,
        };
    }

    private static nuint KibiBytes(byte* text, nuint length, ReadOnlySpan<byte> label)
    {
        for (nuint at = 0; at + (nuint)label.Length < length; at++)
        {
            int matched = 0;
            while (matched < label.Length && text[at + (nuint)matched] == label[matched])
            {
                matched++;
            }

            if (matched == label.Length)
            {
                return Number(text + at + matched, text + length);
            }
        }

        return 0;
    }

    private static nuint Number(byte* from, byte* end)
    {
        nuint value = 0;
        for (bool started = false; from < end; from++)
        {
            bool digit = *from is >= (byte)'0' and <= (byte)'9';
            if (started && !digit)
            {
                break;
            }

            started |= digit;
            value = digit ? (value * 10) + (nuint)(*from - '0') : value;
        }

        return value;
    }
}
