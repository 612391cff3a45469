using System;
using System.Diagnostics;

namespace Quarry;

/// <summary>One value in memory of an allocator, with several owners: the last one gives it back.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes. A copy is the same value and no further owner: <see cref="AddRef"/>
/// makes one, and each owner calls <see cref="Dispose"/> once, on the value that <see cref="AddRef"/>
/// returned. Calling it twice does nothing in checked builds, and ends the share of another owner in others.
/// </para>
/// <para>
/// The count is atomic: owners may be on several threads, if the allocator is
/// <see cref="AllocatorTraits.ThreadSafe"/>. Access to the value is theirs to arrange. Whoever adds an owner
/// or reads must own, or know that another one does for that long. After the last owner, members throw
/// <see cref="ObjectDisposedException"/>; those of the default value
/// <see cref="InvalidOperationException"/>.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe struct NativeRefCounted<T, TAllocator> : IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<RefCountedBody<T>, TAllocator> _handle;

    /// <summary>Creates a value with one owner.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeRefCounted(TAllocator allocator, T value = default)
        : this(CollectionHandle<RefCountedBody<T>, TAllocator>.Create(allocator), value)
    {
    }

    private NativeRefCounted(CollectionHandle<RefCountedBody<T>, TAllocator> handle) => _handle = handle;

    private NativeRefCounted(CollectionHandle<RefCountedBody<T>, TAllocator> handle, T value)
    {
        _handle = handle;
        *_handle.Body = new RefCountedBody<T> { Value = value, Count = 1 };
    }

    /// <summary>Creates a value with one owner.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    public static bool TryCreate(TAllocator allocator, T value, out NativeRefCounted<T, TAllocator> shared)
    {
        bool created = CollectionHandle<RefCountedBody<T>, TAllocator>.TryCreate(allocator, out var handle);
        shared = created ? new NativeRefCounted<T, TAllocator>(handle, value) : default;
        return created;
    }

    /// <summary>Whether anybody owns the value.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the value.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>The value, in place: until the last owner disposed it.</summary>
    public ref T Value => ref _handle.Body->Value;

    /// <summary>How many own the value at this moment; for diagnosis.</summary>
    public nint OwnerCount => (nint)Atomic.Read(ref _handle.Body->Count);

    /// <summary>Adds an owner.</summary>
    /// <returns>The same value, for the new owner to dispose.</returns>
    public NativeRefCounted<T, TAllocator> AddRef()
    {
        CollectionHandle<RefCountedBody<T>, TAllocator> shared = _handle.Share();
        _ = Atomic.Add(ref _handle.Body->Count, 1);
        return new NativeRefCounted<T, TAllocator>(shared);
    }

    /// <summary>Ends the share of one owner; that of the last one frees the memory.</summary>
    public void Dispose()
    {
        if (_handle.IsAlive)
        {
            _handle.Leave(&_handle.Body->Count);
        }
    }

    private string DebuggerText => IsAlive ? $"{Value}, {OwnerCount} owners" : "not alive";
}
