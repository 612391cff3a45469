using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct Bump<TThreading> : IDisposable, IMortal
{
    /// <summary>
    /// Initializes an allocator that reserves <see cref="DefaultSize"/> bytes or, failing that, the largest
    /// half of it that is available.
    /// </summary>
    /// <exception cref="OutOfMemoryException">The system is out of memory or address space.</exception>
    public Bump()
    {
        if (!TryCreate(out this))
        {
            throw new OutOfMemoryException("A bump allocator cannot reserve a page of address space.");
        }
    }

    /// <summary>Initializes an allocator over the pages of the operating system.</summary>
    /// <param name="size">The size of the reservation, in bytes; rounded up to whole pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0, or exceeds the address space.</exception>
    /// <exception cref="OutOfMemoryException">The system has no address space of that size.</exception>
    public Bump(nuint size)
        : this(size, PageSource.System())
    {
    }

    /// <summary>Initializes an allocator over a page source.</summary>
    /// <param name="size">The size of the reservation, in bytes; rounded up to whole pages.</param>
    /// <param name="pageSource">The page source to reserve from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0, or exceeds the address space.</exception>
    /// <exception cref="OutOfMemoryException">The page source has no range of that size.</exception>
    public Bump(nuint size, PageSource pageSource)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Layout.MaxSize - PageSource.Granularity);
        if (!TryCreate(size, pageSource, out this))
        {
            throw new OutOfMemoryException($"A bump allocator cannot reserve {size} bytes of address space.");
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Bump");

    private string DebuggerText => IsAlive ? $"{UsedBytes} of {CapacityBytes} bytes used" : "not alive";
}
