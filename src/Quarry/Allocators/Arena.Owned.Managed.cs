using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Disposing of what must not outlive the memory.</content>
public readonly unsafe partial struct Arena
{
    /// <summary>
    /// Has an object disposed of when the memory taken until now is given back: by a reset, by the end of the
    /// scope, or with the arena. The last one first.
    /// </summary>
    /// <remarks>The object is kept alive until then. It takes 24 bytes of the arena.</remarks>
    /// <returns>The object.</returns>
    /// <exception cref="OutOfMemoryException">The limit is reached, or there is no memory.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public TValue Own<TValue>(TValue value) where TValue : class, IDisposable
    {
        ArgumentNullException.ThrowIfNull(value);
        GCHandle root = GCHandle.Alloc(value);
        if (!TryDefer(&DisposeObject, (void*)GCHandle.ToIntPtr(root)))
        {
            root.Free();
            Refuse(_handle, Layout.Of<ArenaCleanup>());
        }

        return value;
    }

    /// <summary>The same for a value that lies in the arena; it is disposed of where it lies.</summary>
    /// <inheritdoc cref="Own{TValue}(TValue)"/>
    public void Own<TValue>(TValue* value) where TValue : unmanaged, IDisposable
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!TryDefer(&DisposeValue<TValue>, value))
        {
            Refuse(_handle, Layout.Of<ArenaCleanup>());
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
