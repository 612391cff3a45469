namespace Quarry;

/// <summary>Writes the message about a failed request, without allocating.</summary>
internal static class FailureReport
{
    private const int MaxLength = 128;

    internal static void Write(Layout layout)
    {
        TextBuffer line = new(stackalloc byte[MaxLength]);
        line.Append("memory allocation of "u8);
        line.Append(layout.Size);
        line.Append(" bytes failed (alignment "u8);
        line.Append(layout.Alignment);
        line.Append(")\n"u8);
        StandardError.Write(ref line);
    }
}
