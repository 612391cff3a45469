using System;

namespace Quarry;

/// <summary>Writes messages to standard error, with a system call and without allocating.</summary>
/// <remarks>
/// In a native image, a message is dropped if the program has closed standard error and descriptor 2 now
/// refers to another file: the message would overwrite that file's data. It is written if the descriptor
/// still refers to the same file as when the image was loaded, or to a terminal or another character device,
/// a pipe, or a file opened for appending, so that redirected messages arrive.
/// </remarks>
public static unsafe partial class StandardError
{
    /// <summary>
    /// The size of a buffer for a message of one or two lines, in bytes. Messages are built on the stack, and
    /// a thread may have only 16 KiB of it.
    /// </summary>
    internal const int MessageSize = 256;

    /// <summary>The descriptor of standard error.</summary>
    internal const int Descriptor = 2;

    /// <summary>Writes a message. A truncated message still ends with a line feed.</summary>
    public static void Write(ref TextBuffer text)
    {
        text.EndTruncatedLine();
        Write(text.Text);
    }

    /// <summary>Writes a message.</summary>
    internal static void Write(ReadOnlySpan<byte> text)
    {
        if (IsStandardError())
        {
            fixed (byte* bytes = text)
            {
                _ = Os.Write(Descriptor, bytes, (nuint)text.Length);
            }
        }
    }

    /// <summary>Determines whether messages may be written to the descriptor.</summary>
    private static partial bool IsStandardError();
}
