using System.Runtime.InteropServices;
using Quarry;

namespace NullMalloc;

/// <summary>
/// Fails every request, so that a program ends at its first allocation with a report of its size.
/// </summary>
/// <remarks>
/// A hook decides how to respond to a failure. The default hook writes a line and aborts; a C program can set
/// its own with <c>null_malloc_set_hook</c>.
/// </remarks>
public readonly unsafe struct NullMalloc : IAllocator
{
    private static FailureHook s_hook;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Null.Traits;

    /// <summary>
    /// Gets or sets the hook called for each request; by default <see cref="FailureHook.Abort"/>.
    /// </summary>
    public static FailureHook Hook
    {
        get => s_hook.IsDefault ? FailureHook.Abort : s_hook;
        set => s_hook = value;
    }

    /// <summary>
    /// <c>void null_malloc_set_hook(int (*hook)(size_t size, size_t alignment))</c>: the hook returns 0 to
    /// fail, 1 to retry, 2 to report and fail, 3 to report and abort. Null restores the default hook.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "null_malloc_set_hook")]
    public static void SetHook(delegate* unmanaged<nuint, nuint, FailureResponse> hook) =>
        Hook = hook == null ? default : new FailureHook(&Invoke, hook);

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        while (Hook.ShouldRetry(layout))
        {
        }

        return null;
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Allocate(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        Layout.TryCreate(newSize, layout.Alignment, out Layout requested) ? Allocate(requested) : null;

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    /// <inheritdoc/>
    public bool Owns(void* block) => false;

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    private static FailureResponse Invoke(void* hook, Layout layout) =>
        ((delegate* unmanaged<nuint, nuint, FailureResponse>)hook)(layout.Size, layout.Alignment);
}
