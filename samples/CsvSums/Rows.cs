using System;

namespace CsvSums;

/// <summary>The rows of a file: <c>station;12.3</c>.</summary>
internal static class Rows
{
    /// <summary>Takes the first row off the text.</summary>
    internal static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> row = text[..end];
        text = text[(end + 1)..];
        return row;
    }

    /// <summary>Parses a number with one digit behind the point.</summary>
    internal static int Tenths(ReadOnlySpan<byte> number)
    {
        bool isNegative = number[0] == '-';
        int tenths = 0;
        foreach (byte digit in number[(isNegative ? 1 : 0)..])
        {
            tenths = digit == '.' ? tenths : (tenths * 10) + (digit - '0');
        }

        return isNegative ? -tenths : tenths;
    }

    /// <summary>Returns a file with rows of 500 stations.</summary>
    internal static byte[] Generate(int count)
    {
        Random random = new(1);
        using System.IO.MemoryStream file = new();
        using (System.IO.StreamWriter writer = new(file) { NewLine = "\n" })
        {
            for (int row = 0; row < count; row++)
            {
                writer.WriteLine($"station {random.Next(500)};{random.Next(-400, 400) / 10.0:F1}");
            }
        }

        return file.ToArray();
    }
}
