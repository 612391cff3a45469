using System;

namespace Quarry.Malloc;

/// <summary>Passes a report to a function of the program, in pieces.</summary>
/// <remarks>
/// In mapped memory: the function may allocate, and a thread may have only 16 KiB of stack.
/// </remarks>
internal unsafe struct ReportWriter
{
    private const int Capacity = 32 * 1024;

    private byte* _memory;
    private int _length;
    private void* _write;
    private void* _argument;
    private int _descriptor;
    private bool _failed;

    /// <summary>Prepares a report; false if there is no memory for it.</summary>
    /// <param name="write">
    /// <c>void write(void* argument, const char* text)</c>; null for <c>malloc_message</c>, or for standard
    /// error if the program has not set that.
    /// </param>
    /// <param name="argument">The first argument of the function.</param>
    /// <param name="writer">The writer.</param>
    internal static bool TryCreate(void* write, void* argument, out ReportWriter writer)
    {
        writer = new ReportWriter
        {
            _memory = (byte*)Os.Map(Capacity),
            _write = write != null ? write : MessageFunction.Address,
            _argument = argument,
            _descriptor = StandardError.Descriptor,
        };
        return writer._memory != null;
    }

    /// <summary>Prepares a report to a descriptor; false if there is no memory for it.</summary>
    internal static bool TryCreate(int descriptor, out ReportWriter writer)
    {
        bool created = TryCreate(null, null, out writer);
        writer._write = null;
        writer._descriptor = descriptor;
        return created;
    }

    internal void Append(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            // The last byte is for the zero.
            if (_length == Capacity - 1)
            {
                Flush();
            }

            _memory[_length++] = text[at];
        }
    }

    /// <summary>Appends a number, padded with spaces on the left.</summary>
    internal void Append(nuint number, int width = 0)
    {
        TextBuffer text = new(stackalloc byte[32]);
        text.Append(number, width);
        Append(text.Text);
    }

    /// <summary>Appends the value of a control; text in quotes.</summary>
    internal void AppendValue(scoped ref MallctlNode node)
    {
        switch (node.Format)
        {
            case MallctlFormat.Boolean:
                Append(node.Value != 0 ? "true"u8 : "false"u8);
                break;

            case MallctlFormat.Text:
                Append("\""u8);
                AppendEscaped(CText.Span((byte*)node.Value));
                Append("\""u8);
                break;

            case MallctlFormat.Signed when (nint)node.Value < 0:
                Append("-"u8);
                Append(0 - node.Value);
                break;

            default:
                Append(node.Value);
                break;
        }
    }

    /// <summary>Passes the rest of the report, and ends it; false if it could not be written.</summary>
    internal bool End()
    {
        Flush();
        Os.Unmap(_memory, Capacity);
        return !_failed;
    }

    private void AppendEscaped(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] < 0x20)
            {
                AppendControl(text[at]);
                continue;
            }

            if (text[at] is (byte)'"' or (byte)'\\')
            {
                Append("\\"u8);
            }

            Append(text.Slice(at, 1));
        }
    }

    private void AppendControl(byte character)
    {
        TextBuffer escape = new(stackalloc byte[8]);
        escape.Append("\\u00"u8);
        escape.AppendHex(character, 2);
        Append(escape.Text);
    }

    private void Flush()
    {
        if (_write != null)
        {
            _memory[_length] = 0;
            _ = NativeCall.Invoke(_write, (nint)_argument, (nint)_memory);
        }
        else
        {
            // The program requested the report, so it is written even if descriptor 2 is another file by now.
            _failed |= !Os.Write(_descriptor, _memory, (nuint)_length);
        }

        _length = 0;
    }
}
