using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Bump<TThreads> : IDisposable
{
    /// <inheritdoc cref="TryCreate(out Bump{TThreads})"/>
    /// <exception cref="OutOfMemoryException">The system has no address space or no memory.</exception>
    public Bump()
    {
        if (!TryCreate(out this))
        {
            throw new OutOfMemoryException("A bump allocator cannot reserve even a page.");
        }
    }

    /// <summary>Reserves a range of the system's pages.</summary>
    /// <param name="size">In bytes; rounded up to whole pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0, or there are less addresses.</exception>
    /// <exception cref="OutOfMemoryException">The system has no address space of that size.</exception>
    public Bump(nuint size)
        : this(size, PageSource.Mmap())
    {
    }

    /// <summary>Reserves a range from a page source.</summary>
    /// <param name="size">In bytes; rounded up to whole pages.</param>
    /// <param name="pages">Where it comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0, or there are less addresses.</exception>
    /// <exception cref="OutOfMemoryException">The source has no range of that size.</exception>
    public Bump(nuint size, PageSource pages)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Layout.MaxSize - PageSource.Granularity);
        if (!TryCreate(size, pages, out this))
        {
            throw new OutOfMemoryException($"A bump allocator cannot reserve {size} bytes.");
        }
    }

    /// <summary>Gives all memory back. Again does no harm.</summary>
    public void Dispose() => Retire();
}
