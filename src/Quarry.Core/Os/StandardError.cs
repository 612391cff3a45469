using System;

namespace Quarry;

/// <summary>Writes messages to standard error, by a system call and without allocating.</summary>
/// <remarks>
/// In a native image, a message is dropped if the program has closed standard error and descriptor 2 belongs
/// to a file of its own by now: the message would overwrite that file's data. It is written if the descriptor
/// is still what it was when the image was loaded, or if it is a terminal or another character device, a
/// pipe, or a file opened for appending, so that redirected messages arrive.
/// </remarks>
public static unsafe partial class StandardError
{
    /// <summary>
    /// The number of bytes for a message of one or two lines. Messages are built on the stack, of which a
    /// thread may have 16 KiB.
    /// </summary>
    internal const int MessageSize = 256;

    /// <summary>The descriptor of standard error.</summary>
    internal const int Descriptor = 2;

    /// <summary>Writes a message. One that was truncated still ends with a line feed.</summary>
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

    /// <summary>Determines whether the descriptor may be written to.</summary>
    private static partial bool IsStandardError();
}
