using System;

namespace Quarry;

/// <summary>The message about a request that failed, put together where there may be no memory.</summary>
internal static unsafe class FailureReport
{
    private const int MaxLength = 128;

    internal static void Write(Layout layout)
    {
        byte* text = stackalloc byte[MaxLength];
        int length = Append(text, 0, "memory allocation of "u8);
        length = Append(text, length, layout.Size);
        length = Append(text, length, " bytes failed (alignment "u8);
        length = Append(text, length, layout.Alignment);
        length = Append(text, length, ")\n"u8);
        Os.Write(Os.StandardError, text, (nuint)length);
    }

    private static int Append(byte* text, int length, ReadOnlySpan<byte> part)
    {
        for (int index = 0; index < part.Length; index++)
        {
            text[length++] = part[index];
        }

        return length;
    }

    private static int Append(byte* text, int length, nuint number)
    {
        int digits = 1;
        for (nuint rest = number / 10; rest != 0; rest /= 10)
        {
            digits++;
        }

        for (int place = length + digits - 1; place >= length; place--)
        {
            text[place] = (byte)('0' + (number % 10));
            number /= 10;
        }

        return length + digits;
    }
}
