using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry;

/// <summary>A list of bytes as a stream, which reads, writes and grows as a memory stream does.</summary>
internal sealed class NativeListStream<TAllocator>(NativeList<byte, TAllocator> list) : Stream
    where TAllocator : unmanaged, IAllocator
{
    private long _position;

    public override bool CanRead => list.IsAlive;

    public override bool CanSeek => list.IsAlive;

    public override bool CanWrite => list.IsAlive;

    public override long Length => list.LongCount;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int count = (int)long.Clamp(list.LongCount - _position, 0, buffer.Length);
        if (count > 0)
        {
            list.AsSpan((nint)_position, count).CopyTo(buffer);
            _position += count;
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int ReadByte()
    {
        byte read = 0;
        return Read(new Span<byte>(ref read)) == 1 ? read : -1;
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        nint end = checked((nint)_position + buffer.Length);
        nint before = list.LongCount;
        if (end > before)
        {
            list.SetCount(end);
            Clear(before, (nint)_position);
        }

        buffer.CopyTo(list.AsSpan((nint)_position, buffer.Length));
        _position = end;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(ref value));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };
        long target = checked(from + offset);
        if (target < 0)
        {
            throw new IOException("The position would be before the beginning of the stream.");
        }

        _position = target;
        return target;
    }

    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        nint before = list.LongCount;
        list.SetCount(checked((nint)value));
        Clear(before, (nint)value);

        _position = long.Min(_position, value);
    }

    public override void Flush()
    {
    }

    private unsafe void Clear(nint start, nint end)
    {
        if (start < end)
        {
            fixed (byte* first = &list[start])
            {
                NativeMemory.Clear(first, (nuint)(end - start));
            }
        }
    }
}
