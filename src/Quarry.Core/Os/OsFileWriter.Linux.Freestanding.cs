using System;

namespace Quarry;

/// <summary>Writes a file by system calls, through a buffer in mapped memory.</summary>
/// <remarks>
/// After an error, further text is dropped. A write beyond the limit on the size of files counts as an error
/// instead of raising SIGXFSZ.
/// </remarks>
internal unsafe struct OsFileWriter
{
    private const int WriteOnly = 1, CreateFile = 0x40, Truncate = 0x200, CloseOnExec = 0x80000;
    private const int OwnerWritesAllRead = 0x1a4; // 0644
    private const nuint Capacity = 64 * 1024;

    private byte* _buffer;
    private nuint _length;
    private nuint _written;
    private nint _descriptor;
    private bool _failed;

    /// <summary>Creates a file, or replaces the contents of the one that exists.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <returns>False if the file cannot be opened, or there is no memory.</returns>
    internal bool TryOpen(byte* path)
    {
        this = default;
        _buffer = (byte*)Os.Map(Capacity);
        _descriptor = _buffer == null
            ? -1
            : Os.Linux.Open(path, WriteOnly | CreateFile | Truncate | CloseOnExec, OwnerWritesAllRead);
        if (_descriptor < 0 && _buffer != null)
        {
            Os.Unmap(_buffer, Capacity);
        }

        return _descriptor >= 0;
    }

    /// <summary>Appends text.</summary>
    internal void Append(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (_length == Capacity)
            {
                Flush();
            }

            _buffer[_length++] = text[at];
        }
    }

    /// <summary>Appends a number in decimal.</summary>
    internal void Append(ulong number)
    {
        TextBuffer text = new(stackalloc byte[20]);
        text.Append((nuint)number);
        Append(text.Text);
    }

    /// <summary>Appends a number in hexadecimal, after <c>0x</c>.</summary>
    internal void AppendHex(ulong number)
    {
        TextBuffer text = new(stackalloc byte[18]);
        text.Append("0x"u8);
        text.AppendHex((nuint)number);
        Append(text.Text);
    }

    /// <summary>Appends the contents of a file, such as one of <c>/proc</c>.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    internal void AppendFile(ReadOnlySpan<byte> path)
    {
        nint descriptor;
        fixed (byte* name = path)
        {
            descriptor = Os.Linux.Open(name, CloseOnExec, 0);
        }

        nint read = descriptor < 0 ? -1 : 0;
        do
        {
            Flush();
            read = read < 0 ? read : Os.Linux.Read(descriptor, _buffer, Capacity);
            _length = read < 0 ? 0 : (nuint)read;
        }
        while (read > 0);

        _failed |= read < 0;
        if (descriptor >= 0)
        {
            Os.Linux.Close(descriptor);
        }
    }

    /// <summary>Writes the rest and closes the file; returns false if it is incomplete.</summary>
    internal bool Close()
    {
        Flush();
        Os.Linux.Close(_descriptor);
        Os.Unmap(_buffer, Capacity);
        return !_failed;
    }

    private void Flush()
    {
        nuint end = _written + _length;
        _failed = _failed || end > Os.Linux.FileSizeLimit()
            || (_length != 0 && !Os.Write((int)_descriptor, _buffer, _length));
        _written = end;
        _length = 0;
    }
}
