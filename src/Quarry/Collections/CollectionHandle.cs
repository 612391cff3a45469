using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>What every collection is: the address of its header, and the number to know it by.</summary>
/// <remarks>
/// The handle is unmanaged and 16 bytes; its copies are the same collection. The header lies in memory of the
/// collection's allocator, so nothing is left of a collection whose allocator gave all memory back. A handle
/// that outlived its collection is told by the serial number, as long as the memory of the header is
/// mapped: it reads 0, or what the memory is used for by now, and that is its own number with a probability
/// of 2^-64 or so.
/// </remarks>
internal readonly unsafe struct CollectionHandle<TBody, TAllocator>
    where TBody : unmanaged, ICollectionBody
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHeader<TBody, TAllocator>* _header;
    private readonly nuint _serial;

    private CollectionHandle(CollectionHeader<TBody, TAllocator>* header, nuint serial)
    {
        _header = header;
        _serial = serial;
    }

    /// <summary>Makes a header whose body is all zeros.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal static bool TryCreate(
        TAllocator allocator, out CollectionHandle<TBody, TAllocator> handle)
    {
        var header = (CollectionHeader<TBody, TAllocator>*)allocator.Allocate(HeaderLayout);
        handle = default;
        if (header == null)
        {
            return false;
        }

        header->Serial = CollectionSerials.Next();
        header->Body = default;
        header->Allocator = allocator;
        handle = new CollectionHandle<TBody, TAllocator>(header, header->Serial);
        return true;
    }

    /// <summary>Makes a header whose body is all zeros.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    internal static CollectionHandle<TBody, TAllocator> Create(TAllocator allocator)
    {
        if (!TryCreate(allocator, out CollectionHandle<TBody, TAllocator> handle))
        {
            Throw.OutOfMemory(HeaderLayout);
        }

        return handle;
    }

    /// <summary>Whether the collection was made and not disposed.</summary>
    internal bool IsAlive
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _header != null && _header->Serial == _serial;
    }

    /// <summary>The body of a collection that is alive.</summary>
    /// <exception cref="ObjectDisposedException">The collection was disposed.</exception>
    /// <exception cref="InvalidOperationException">The handle is the default value.</exception>
    internal TBody* Body
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!IsAlive)
            {
                ThrowDead(_header);
            }

            return &_header->Body;
        }
    }

    /// <summary>The body, of which only checked builds ask whether it is there.</summary>
    /// <remarks>
    /// For the few members where the question costs more than what they do. <see cref="Dispose"/> leaves the
    /// body all zeros, so comparing an index with its count still finds a disposed collection out, until the
    /// memory of the header is used again; see <see cref="OutOfRange"/>.
    /// </remarks>
    internal TBody* BodyUnasked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Checks.Enabled ? Body : &_header->Body;
    }

    /// <summary>The allocator. Ask for <see cref="Body"/> first, which tells whether it is there.</summary>
    internal TAllocator Allocator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _header->Allocator;
    }

    /// <summary>Gives the memory of the collection back; does nothing if that was done before.</summary>
    internal void Dispose()
    {
        if (IsAlive)
        {
            TAllocator allocator = _header->Allocator;
            TBody body = _header->Body;
            _header->Serial = 0;
            _header->Body = default;
            body.Free(allocator);
            allocator.Deallocate(_header, HeaderLayout);
        }
    }

    /// <summary>What to throw for an argument that is out of range, or because nothing is there.</summary>
    internal Exception OutOfRange(string parameter) =>
        IsAlive ? new ArgumentOutOfRangeException(parameter) : Dead(_header);

    private static Layout HeaderLayout => Layout.Of<CollectionHeader<TBody, TAllocator>>();

    // Static, so that the handle need not lie in memory; and nothing but a throw, so that the JIT sees that it
    // does not return.
    [DoesNotReturn]
    private static void ThrowDead(void* header) => throw Dead(header);

    private static InvalidOperationException Dead(void* header) => header == null
        ? new InvalidOperationException($"This {TBody.TypeName} is the default value, not one that was made.")
        : new ObjectDisposedException(TBody.TypeName);
}
