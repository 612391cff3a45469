using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Output;

/// <summary>
/// Writes to an inherited descriptor and does nothing else. System.Console's streams switch the terminal's
/// mode; a FileStream writes at a position of its own, beside the one that is shared with the user's
/// program.
/// </summary>
internal sealed unsafe class DescriptorStream(int descriptor) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* start = buffer)
            {
                written = Libc.Write(descriptor, start, (nuint)buffer.Length);
            }

            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Constants.EINTR:
                    break;
                case Constants.EAGAIN:
                    // Someone who shares it made it non-blocking, and the reader is slow.
                    Thread.Sleep(1);
                    break;
                case Constants.EPIPE:
                    // No one reads any more; that is no reason to end in another way than the program did.
                    return;
                default:
                    throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
