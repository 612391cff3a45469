using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Any allocator behind one type: its address, and a table of its functions.</summary>
/// <remarks>
/// <para>
/// Types that use allocators as type arguments are compiled for each of them. Where that is one too many, at
/// the boundary of a component or in a field that any allocator may be assigned to, use
/// <see cref="AnyAllocator"/>: <c>NativeList&lt;int, AnyAllocator&gt;</c> is one type for all allocators. The
/// cost of a request is an indirect call, which cannot be inlined.
/// </para>
/// <para>
/// The traits of the type are none, because they are constants and must hold for all allocators: callers
/// serialize requests, <see cref="Owns"/> returns <see langword="false"/>, and <see cref="DeallocateAll"/>
/// does nothing. <see cref="InnerTraits"/> are those of the allocator inside. As thread-safe as that one.
/// </para>
/// <para>
/// The value is a handle of three words, and its copies are the same allocator. <see cref="Dispose"/> frees
/// the memory in which the allocator is stored. The allocator itself is not disposed, and must outlive the
/// handle. Requests to a disposed handle return null.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe struct AnyAllocator : IAllocator, IEquatable<AnyAllocator>, IDisposable, IMortal
{
    private readonly AnyAllocatorTable* _table;
    private readonly void* _slot;
    private readonly nuint _serial;

    private AnyAllocator(AnyAllocatorTable* table, void* slot, nuint serial)
    {
        _table = table;
        _slot = slot;
        _serial = serial;
    }

    /// <summary>Gets no traits; see <see cref="InnerTraits"/>.</summary>
    public static AllocatorTraits Traits => AllocatorTraits.None;

    /// <summary>Gets a value that indicates whether the handle was created and is not disposed.</summary>
    public bool IsAlive => _table != null && _table->IsCurrent(_slot, _serial);

    /// <summary>Gets the traits of the allocator inside; none if the handle is not alive.</summary>
    public AllocatorTraits InnerTraits => IsAlive ? _table->Traits : AllocatorTraits.None;

    /// <summary>Creates a handle of any allocator.</summary>
    /// <param name="inner">The allocator. It is not disposed with the handle, and must outlive it.</param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public static AnyAllocator Create<TInner>(TInner inner) where TInner : unmanaged, IAllocator
    {
        if (!TryCreate(inner, out AnyAllocator value))
        {
            Throw.OutOfMemory(Layout.Of<TInner>());
        }

        return value;
    }

    /// <summary>Creates a handle of any allocator.</summary>
    /// <param name="inner">The allocator. It is not disposed with the handle, and must outlive it.</param>
    /// <param name="value">The handle.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    public static bool TryCreate<TInner>(TInner inner, out AnyAllocator value)
        where TInner : unmanaged, IAllocator
    {
        bool created = StateHandle<TInner>.TryCreate(out StateHandle<TInner> state);
        if (created)
        {
            *state.Pointer = inner;
        }

        value = created
            ? new AnyAllocator(AnyAllocatorTable.Of<TInner>(), state.Slot, state.Serial)
            : default;
        return created;
    }

    /// <summary>Gets the allocator inside, if it is of a type.</summary>
    /// <returns><see langword="false"/> if it is of another one, or the handle is not alive.</returns>
    public bool TryGet<TInner>(out TInner inner) where TInner : unmanaged, IAllocator
    {
        bool isOfType = _table == AnyAllocatorTable.Of<TInner>() && IsAlive;
        inner = isOfType ? *StateHandle<TInner>.Of(_slot, _serial).Pointer : default;
        return isOfType;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(Layout layout) =>
        _table == null ? null : _table->Allocate(_slot, _serial, layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) =>
        _table == null ? null : _table->AllocateZeroed(_slot, _serial, layout);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deallocate(void* block, Layout layout)
    {
        if (_table != null)
        {
            _table->Deallocate(_slot, _serial, block, layout);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        _table == null ? null : _table->Reallocate(_slot, _serial, block, layout, newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _table != null && _table->TryResize(_slot, _serial, block, layout, newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    /// <returns><see langword="false"/>; see the remarks of the type.</returns>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    /// <summary>Frees the memory in which the allocator is stored. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (_table != null)
        {
            _table->Dispose(_slot, _serial);
        }
    }

    /// <summary>Determines whether both are copies of one handle.</summary>
    public bool Equals(AnyAllocator other) =>
        _table == other._table && _slot == other._slot && _serial == other._serial;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is AnyAllocator other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _serial.GetHashCode();

    /// <summary>Determines whether both are copies of one handle.</summary>
    public static bool operator ==(AnyAllocator left, AnyAllocator right) => left.Equals(right);

    /// <summary>Determines whether they are different handles.</summary>
    public static bool operator !=(AnyAllocator left, AnyAllocator right) => !left.Equals(right);

    /// <inheritdoc/>
    Exception? IMortal.Failure => _table == null
        ? Dead.NotCreated(nameof(AnyAllocator))
        : IsAlive ? _table->Failure(_slot) : Dead.Disposed(nameof(AnyAllocator));

    private string DebuggerText => IsAlive ? $"over {_table->Name()}" : "not alive";
}
