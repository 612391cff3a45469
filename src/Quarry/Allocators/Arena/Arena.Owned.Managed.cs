using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Disposal of values that must not outlive the memory.</content>
public readonly unsafe partial struct Arena
{
    /// <summary>
    /// Registers an object that is disposed before the memory allocated so far is freed: by a reset, at the
    /// end of the scope, or with the arena. The last one is disposed first.
    /// </summary>
    /// <remarks>The object is kept alive until then. The registration takes 24 bytes of the arena.</remarks>
    /// <returns>The object.</returns>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator is out of memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public TValue Own<TValue>(TValue value) where TValue : class, IDisposable
    {
        ArgumentNullException.ThrowIfNull(value);
        GCHandle root = GCHandle.Alloc(value);
        if (!TryDefer(&DisposeObject, (void*)GCHandle.ToIntPtr(root)))
        {
            root.Free();
            ThrowForFailed(_handle, Layout.Of<ArenaCleanup>());
        }

        return value;
    }

    /// <summary>
    /// Registers a value in the arena that is disposed in place before the memory allocated so far is freed.
    /// </summary>
    /// <inheritdoc cref="Own{TValue}(TValue)"/>
    public void Own<TValue>(TValue* value) where TValue : unmanaged, IDisposable
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!TryDefer(&DisposeValue<TValue>, value))
        {
            ThrowForFailed(_handle, Layout.Of<ArenaCleanup>());
        }
    }

    private static void DisposeObject(void* root)
    {
        GCHandle handle = GCHandle.FromIntPtr((nint)root);
        IDisposable value = (IDisposable)handle.Target!;
        handle.Free();
        value.Dispose();
    }

    private static void DisposeValue<TValue>(void* value) where TValue : unmanaged, IDisposable =>
        ((TValue*)value)->Dispose();
}
