namespace Quarry;

/// <summary>Writes the message about a failed request, without allocating.</summary>
internal static unsafe class FailureReport
{
    private const int MaxLength = 128;

    internal static void Write(Layout layout)
    {
        byte* line = stackalloc byte[MaxLength];
        byte* end = TextLine.Append(line, "memory allocation of "u8);
        end = TextLine.Append(end, layout.Size);
        end = TextLine.Append(end, " bytes failed (alignment "u8);
        end = TextLine.Append(end, layout.Alignment);
        end = TextLine.Append(end, ")\n"u8);
        Os.Write(Os.StandardError, line, (nuint)(end - line));
    }
}
