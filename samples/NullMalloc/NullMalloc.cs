using System.Runtime.InteropServices;
using Quarry;

namespace NullMalloc;

/// <summary>
/// Serves nothing, so every program ends at its first allocation, and says how large it was.
/// </summary>
/// <remarks>
/// What happens at a failure is up to a hook. The first one writes a line and aborts; a C program may set
/// its own with <c>null_malloc_set_hook</c>.
/// </remarks>
public readonly unsafe struct NullMalloc : IAllocator
{
    private static FailureHook s_hook;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Null.Traits;

    /// <summary>
    /// What is asked about each request; <see cref="FailureHook.Abort"/> unless it is set.
    /// </summary>
    public static FailureHook Hook
    {
        get => s_hook.IsDefault ? FailureHook.Abort : s_hook;
        set => s_hook = value;
    }

    /// <summary>
    /// <c>void null_malloc_set_hook(int (*hook)(size_t size, size_t alignment))</c>: the hook answers 0 to
    /// fail, 1 to retry, 2 to report and fail, 3 to report and abort. Null is the first hook again.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "null_malloc_set_hook")]
    public static void SetHook(delegate* unmanaged<nuint, nuint, FailureResponse> hook) =>
        Hook = hook == null ? default : new FailureHook(&Ask, hook);

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
        Layout.TryCreate(newSize, layout.Alignment, out Layout asked) ? Allocate(asked) : null;

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

    private static FailureResponse Ask(void* hook, Layout layout) =>
        ((delegate* unmanaged<nuint, nuint, FailureResponse>)hook)(layout.Size, layout.Alignment);
}
