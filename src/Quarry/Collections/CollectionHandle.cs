using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The two words that every collection is: an address, and a serial number.</summary>
/// <remarks>
/// <para>
/// The handle is unmanaged and 16 bytes; its copies are the same collection. The header lies in memory of the
/// collection's allocator, so nothing is left of a collection whose allocator frees everything:
/// </para>
/// <code>
///  block                   address
///  | unused, 16 bytes | serial number | body | allocator |
/// </code>
/// <para>
/// A handle that outlived its collection finds another serial number there: 0, or whatever the memory is used
/// for by then, which does not look like one; see <see cref="CollectionSerials"/>. A general-purpose
/// allocator keeps its links in the first two words of a free block; they stay unused, so that the 0 which
/// <see cref="Dispose"/> leaves is there until the memory is used again. Members assume that the header is
/// mapped; <see cref="Dispose"/> and <see cref="IsAlive"/> do not.
/// </para>
/// <para>
/// In checked builds the address is that of a <see cref="CollectionSlot"/>, in memory that is never unmapped,
/// and the serial number that of the slot. Allocators that free many blocks at once clear them, so the header
/// of a collection that they have freed has no serial number either.
/// </para>
/// </remarks>
internal readonly unsafe struct CollectionHandle<TBody, TAllocator>
    where TBody : unmanaged, ICollectionBody
    where TAllocator : unmanaged, IAllocator
{
    private const nuint LinksSize = 16;

    // The body, not the block, is what every member needs. In checked builds, the slot.
    private readonly void* _address;
    private readonly nuint _serial;

    private CollectionHandle(void* address, nuint serial)
    {
        _address = address;
        _serial = serial;
    }

    /// <summary>Creates a header whose body is all zeros.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    internal static bool TryCreate(TAllocator allocator, out CollectionHandle<TBody, TAllocator> handle)
    {
        handle = CreateOrDefault(allocator);
        return handle._address != null;
    }

    /// <summary>Creates a header whose body is all zeros.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    /// <exception cref="InvalidOperationException">The allocator was disposed, or never created.</exception>
    internal static CollectionHandle<TBody, TAllocator> Create(TAllocator allocator)
    {
        CollectionHandle<TBody, TAllocator> handle = CreateOrDefault(allocator);
        if (handle._address == null)
        {
            ThrowUnserved(allocator);
        }

        return handle;
    }

    /// <summary>
    /// Gets a value that indicates whether the collection was created and not disposed. Harmless whatever has
    /// become of the memory.
    /// </summary>
    internal bool IsAlive
    {
        get
        {
            TBody* body = Checks.Enabled ? SlotBody : (TBody*)_address;
            nuint serial = Checks.Enabled && body != null ? Slot.Pointer->SerialInHeader : _serial;
            return body != null && CanRead(body) && SerialOf(body) == serial;
        }
    }

    /// <summary>Gets the body of a collection that is alive.</summary>
    /// <exception cref="ObjectDisposedException">The collection was disposed.</exception>
    /// <exception cref="InvalidOperationException">The handle is the default value.</exception>
    internal TBody* Body
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (Checks.Enabled)
            {
                return CheckedBody(this);
            }

            if (!IsCurrent)
            {
                ThrowDead((TBody*)_address);
            }

            return (TBody*)_address;
        }
    }

    /// <summary>Gets the body, and only in checked builds whether it is there.</summary>
    /// <remarks>
    /// For the few members where the question costs more than what they do. <see cref="Dispose"/> leaves the
    /// body all zeros, so comparing an index with its count still detects a disposed collection, until the
    /// memory of the header is used again; see <see cref="OutOfRange"/>.
    /// </remarks>
    internal TBody* BodyUnasked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Checks.Enabled ? Body : (TBody*)_address;
    }

    /// <summary>Gets the allocator of a collection that is alive.</summary>
    /// <exception cref="ObjectDisposedException">The collection was disposed.</exception>
    /// <exception cref="InvalidOperationException">The handle is the default value.</exception>
    internal TAllocator Allocator => AllocatorOf(Body);

    /// <summary>
    /// Frees the memory of the collection. Does nothing if it was disposed, or freed by its allocator.
    /// </summary>
    internal void Dispose()
    {
        if (Checks.Enabled)
        {
            DisposeChecked();
            return;
        }

        if (_address != null)
        {
            DisposeUnchecked((TBody*)_address, _serial);
        }
    }

    /// <summary>
    /// Returns a handle of the same collection for another owner. Each of them ends its own in checked
    /// builds; in others it is this handle.
    /// </summary>
    /// <exception cref="OutOfMemoryException">Checked builds: the system is out of memory.</exception>
    internal CollectionHandle<TBody, TAllocator> Share()
    {
        CollectionHandle<TBody, TAllocator> shared = this;
        if (Checks.Enabled && !TryCreateSlot(Body, out shared))
        {
            Throw.OutOfMemory(Layout.Of<CollectionSlot>());
        }

        return shared;
    }

    /// <summary>Ends the handle of one owner, and with the last one the collection.</summary>
    /// <param name="owners">The number of owners, in the body.</param>
    internal void Leave(nuint* owners)
    {
        TBody* body = Checks.Enabled ? SlotBody : (TBody*)_address;
        if ((!Checks.Enabled || TryEndSlot()) && Atomic.Subtract(ref *owners, 1) == 0)
        {
            Free(body);
        }
    }

    /// <summary>
    /// Returns what to throw for an argument that is out of range, or because nothing is there.
    /// </summary>
    internal static Exception OutOfRange(TBody* body, string parameter) =>
        SerialOf(body) == 0 ? DeadHandle(body) : new ArgumentOutOfRangeException(parameter);

    private bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _address != null && SerialOf((TBody*)_address) == _serial;
    }

    private StateHandle<CollectionSlot> Slot => StateHandle<CollectionSlot>.Of(_address, _serial);

    private TBody* SlotBody => Slot.IsAlive ? (TBody*)Slot.Pointer->Body : null;

    private static ref nuint SerialOf(TBody* body) => ref ((nuint*)body)[-1];

    private static ref TAllocator AllocatorOf(TBody* body) =>
        ref *(TAllocator*)((byte*)body + AllocatorOffset);

    // The layout is done by hand: the runtime is free to reorder the fields of a struct when the type of one
    // of them has its own ordered by the runtime, as DateTime and tuples have.
    private static nuint Alignment => Math.Max(
        (nuint)sizeof(nuint), Math.Max(Layout.AlignmentOf<TBody>(), Layout.AlignmentOf<TAllocator>()));

    private static nuint BodyOffset => Layout.AlignUp(LinksSize + (nuint)sizeof(nuint), Alignment);

    private static nuint AllocatorOffset => Layout.AlignUp((nuint)sizeof(TBody), Alignment);

    private static nuint HeaderSize => BodyOffset + AllocatorOffset + (nuint)sizeof(TAllocator);

    private static Layout HeaderLayout
    {
        get
        {
            _ = Layout.TryCreate(HeaderSize, Alignment, out Layout layout);
            return layout;
        }
    }

    // Memory of malloc may be unmapped when it is freed, and Dispose would have to ask the system each time.
    // As malloc frees nothing by itself, its headers can as well lie where states do, which stays readable.
    private static bool HasHeaderInSlot => typeof(TAllocator) == typeof(SystemHeap)
        && HeaderSize <= StateSlots.MaxSize && Alignment <= StateSlots.Alignment;

    private static bool CanRead(TBody* body) =>
        HasHeaderInSlot || ReadableMemory.CanRead(&((nuint*)body)[-1]);

    // A method of its own, like DisposeUnchecked: inlined into a method of the program, it would exceed what
    // the JIT inlines there, and consist of calls of one instruction each.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CollectionHandle<TBody, TAllocator> CreateOrDefault(TAllocator allocator)
    {
        byte* block = Dead.IsDefault(allocator) ? null : AllocateHeader(allocator);
        if (block == null)
        {
            return default;
        }

        TBody* body = (TBody*)(block + BodyOffset);
        nuint serial = CollectionSerials.Next();
        SerialOf(body) = serial;
        AllocatorOf(body) = allocator;
        *body = default;
        if (!Checks.Enabled)
        {
            return new CollectionHandle<TBody, TAllocator>(body, serial);
        }

        if (!TryCreateSlot(body, out CollectionHandle<TBody, TAllocator> handle))
        {
            Free(body);
        }

        return handle;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DisposeUnchecked(TBody* body, nuint serial)
    {
        if (CanRead(body) && SerialOf(body) == serial)
        {
            Free(body);
        }
    }

    private static byte* AllocateHeader(TAllocator allocator) => HasHeaderInSlot
        ? (byte*)HeaderSlots.Allocate(HeaderSize)
        : (byte*)allocator.Allocate(HeaderLayout);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Free(TBody* body)
    {
        TAllocator allocator = AllocatorOf(body);
        TBody contents = *body;
        SerialOf(body) = 0;
        *body = default;
        contents.Free(allocator);
        byte* block = (byte*)body - BodyOffset;
        if (HasHeaderInSlot)
        {
            HeaderSlots.Free(block, HeaderSize);
        }
        else
        {
            allocator.Deallocate(block, HeaderLayout);
        }
    }

    private void DisposeChecked()
    {
        bool isAlive = IsAlive;
        TBody* body = SlotBody;
        if (TryEndSlot() && isAlive)
        {
            Free(body);
        }
    }

    private static bool TryCreateSlot(TBody* body, out CollectionHandle<TBody, TAllocator> handle)
    {
        handle = default;
        bool creates = StateHandle<CollectionSlot>.TryCreate(out StateHandle<CollectionSlot> slot);
        if (creates)
        {
            *slot.Pointer = new CollectionSlot { Body = body, SerialInHeader = SerialOf(body) };
            handle = new CollectionHandle<TBody, TAllocator>(slot.Slot, slot.Serial);
        }

        return creates;
    }

    private bool TryEndSlot()
    {
        bool ends = Slot.TryRetire();
        if (ends)
        {
            Slot.Release();
        }

        return ends;
    }

    // Static, so that the handle need not lie in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TBody* CheckedBody(CollectionHandle<TBody, TAllocator> handle)
    {
        TBody* body = handle.SlotBody;
        if (body == null)
        {
            throw DeadHandle(handle._address);
        }

        return handle.IsAlive ? body : throw Dead.Abandoned(TBody.TypeName);
    }

    [DoesNotReturn]
    private static void ThrowUnserved(TAllocator allocator) => Throw.Unserved(allocator, HeaderLayout);

    // Nothing but a throw, so that the JIT sees that it does not return.
    [DoesNotReturn]
    private static void ThrowDead(TBody* body) => throw DeadHandle(body);

    private static InvalidOperationException DeadHandle(void* address) =>
        address == null ? Dead.NotCreated(TBody.TypeName) : Dead.Disposed(TBody.TypeName);
}
