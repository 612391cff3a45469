using System;
using System.Diagnostics;

namespace Quarry;

/// <summary>One value in memory of an allocator, with a single owner.</summary>
/// <remarks>
/// <para>
/// The struct is a handle of 16 bytes: its copies are the same box. It is unmanaged, so structures that
/// point at each other can be made of boxes. One block holds the value and what the handle is known by.
/// </para>
/// <para>
/// The box belongs to whoever disposes it, once, through any copy; a second time does nothing. Where the
/// allocator gives all of its memory back at once, the box may be left to it. Using it after
/// <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>, using the default value
/// <see cref="InvalidOperationException"/>. As thread-safe as a field of the type.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe struct NativeBox<T, TAllocator> : IDisposable
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly CollectionHandle<BoxBody<T>, TAllocator> _handle;

    /// <summary>Creates a box that contains a value.</summary>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve the request.</exception>
    public NativeBox(TAllocator allocator, T value = default)
        : this(CollectionHandle<BoxBody<T>, TAllocator>.Create(allocator), value)
    {
    }

    private NativeBox(CollectionHandle<BoxBody<T>, TAllocator> handle, T value)
    {
        _handle = handle;
        _handle.Body->Value = value;
    }

    /// <summary>Creates a box that contains a value.</summary>
    /// <returns>False if the allocator cannot serve it.</returns>
    public static bool TryCreate(TAllocator allocator, T value, out NativeBox<T, TAllocator> box)
    {
        bool created = CollectionHandle<BoxBody<T>, TAllocator>.TryCreate(allocator, out var handle);
        box = created ? new NativeBox<T, TAllocator>(handle, value) : default;
        return created;
    }

    /// <summary>Gets a value that indicates whether the box was created and not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Gets the allocator of the box.</summary>
    public TAllocator Allocator => _handle.Allocator;

    /// <summary>The value, in place: until the box is disposed.</summary>
    public ref T Value => ref _handle.Body->Value;

    /// <summary>Frees the memory. Subsequent calls do nothing.</summary>
    public void Dispose() => _handle.Dispose();

    private string DebuggerText => IsAlive ? $"{Value}" : "not alive";
}
