using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>What every collection is: the address of its header, and the number to know it by.</summary>
/// <remarks>
/// <para>
/// The handle is unmanaged and 16 bytes; its copies are the same collection. The header lies in memory of the
/// collection's allocator, so nothing is left of a collection whose allocator gave all memory back:
/// </para>
/// <code>
///  block                   handle
///  | unused, 16 bytes | serial number | body | allocator |
/// </code>
/// <para>
/// A handle that outlived its collection is told by the serial number, as long as the memory of the header is
/// mapped: it reads 0, or what the memory is used for by now, and that is its own number with a probability
/// of 2^-64 or so. A general-purpose allocator keeps its links in the first two words of a free block; they
/// stay out of use, so that the 0 which <see cref="Dispose"/> leaves is there until the memory is used again.
/// </para>
/// </remarks>
internal readonly unsafe struct CollectionHandle<TBody, TAllocator>
    where TBody : unmanaged, ICollectionBody
    where TAllocator : unmanaged, IAllocator
{
    private const nuint LinksSize = 16;

    // The body, not the block, is what every member needs.
    private readonly TBody* _body;
    private readonly nuint _serial;

    private CollectionHandle(TBody* body, nuint serial)
    {
        _body = body;
        _serial = serial;
    }

    /// <summary>Makes a header whose body is all zeros.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal static bool TryCreate(TAllocator allocator, out CollectionHandle<TBody, TAllocator> handle)
    {
        byte* block = (byte*)allocator.Allocate(HeaderLayout);
        handle = default;
        if (block == null)
        {
            return false;
        }

        handle = new CollectionHandle<TBody, TAllocator>(
            (TBody*)(block + BodyOffset), CollectionSerials.Next());
        handle.SerialInHeader = handle._serial;
        handle.AllocatorInHeader = allocator;
        *handle._body = default;
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
        get => _body != null && SerialInHeader == _serial;
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
                ThrowDead(_body);
            }

            return _body;
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
        get => Checks.Enabled ? Body : _body;
    }

    /// <summary>The allocator. Ask for <see cref="Body"/> first, which tells whether it is there.</summary>
    internal TAllocator Allocator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AllocatorInHeader;
    }

    /// <summary>Gives the memory of the collection back; does nothing if that was done before.</summary>
    internal void Dispose()
    {
        if (IsAlive)
        {
            TAllocator allocator = AllocatorInHeader;
            TBody body = *_body;
            SerialInHeader = 0;
            *_body = default;
            body.Free(allocator);
            allocator.Deallocate((byte*)_body - BodyOffset, HeaderLayout);
        }
    }

    /// <summary>What to throw for an argument that is out of range, or because nothing is there.</summary>
    internal static Exception OutOfRange(TBody* body, string parameter) =>
        SerialOf(body) == 0 ? Dead(body) : new ArgumentOutOfRangeException(parameter);

    private ref nuint SerialInHeader => ref SerialOf(_body);

    private static ref nuint SerialOf(TBody* body) => ref ((nuint*)body)[-1];

    private ref TAllocator AllocatorInHeader => ref *(TAllocator*)((byte*)_body + AllocatorOffset);

    // The layout is done by hand: the runtime is free to reorder the fields of a struct when the type of one
    // of them has its own ordered by the runtime, as DateTime and tuples have.
    private static nuint Alignment => Math.Max(
        (nuint)sizeof(nuint), Math.Max(Layout.Of<TBody>().Alignment, Layout.Of<TAllocator>().Alignment));

    private static nuint BodyOffset => Layout.AlignUp(LinksSize + (nuint)sizeof(nuint), Alignment);

    private static nuint AllocatorOffset => Layout.AlignUp((nuint)sizeof(TBody), Alignment);

    private static Layout HeaderLayout =>
        Layout.Create(BodyOffset + AllocatorOffset + (nuint)sizeof(TAllocator), Alignment);

    // Static, so that the handle need not lie in memory; and nothing but a throw, so that the JIT sees that
    // it does not return.
    [DoesNotReturn]
    private static void ThrowDead(TBody* body) => throw Dead(body);

    private static InvalidOperationException Dead(TBody* body) => body == null
        ? new InvalidOperationException($"This {TBody.TypeName} is the default value; nothing made it.")
        : new ObjectDisposedException(TBody.TypeName);
}
