using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>What happens when no memory is left.</content>
public readonly unsafe partial struct Global
{
    private static Func<Layout, bool>? s_onExhausted;

    // A handler that allocates would otherwise be called for its own requests.
    [ThreadStatic]
    private static bool t_handling;

    /// <summary>Called with what was asked for when the allocator cannot serve it.</summary>
    /// <remarks>
    /// The handler may give memory back and answer true: the request is tried again, as often as it says so.
    /// With false, or without a handler, the request fails: null, and at the public surface an
    /// <see cref="OutOfMemoryException"/>. <see cref="FailFast"/> is a handler that ends the process. It is
    /// called on the thread that asks, never for a request of its own, and may be called by several threads
    /// at once. What it throws goes to who asked.
    /// </remarks>
    public static Func<Layout, bool>? OnExhausted
    {
        get => Volatile.Read(ref s_onExhausted);
        set => Volatile.Write(ref s_onExhausted, value);
    }

    /// <summary>
    /// Ends the process with the figures of the request: a handler for <see cref="OnExhausted"/>.
    /// </summary>
    [DoesNotReturn]
    public static bool FailFast(Layout layout)
    {
        Environment.FailFast(
            $"The global allocator, {AllocatorType}, cannot serve {layout.Size} bytes aligned to "
            + $"{layout.Alignment}.");
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateAgain(Layout layout, bool zeroed)
    {
        void* block = null;
        while (block == null && Relieve(layout))
        {
            block = zeroed
                ? GlobalChoice.Serving.AllocateZeroed(layout)
                : GlobalChoice.Serving.Allocate(layout);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* ReallocateAgain(void* block, Layout layout, nuint newSize)
    {
        void* moved = null;
        // A size that no layout can have is no matter of memory.
        bool possible = Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout);
        while (possible && moved == null && Relieve(newLayout))
        {
            moved = GlobalChoice.Serving.Reallocate(block, layout, newSize);
        }

        return moved;
    }

    /// <summary>Has the handler find memory; false if there is none, or none to be found.</summary>
    private static bool Relieve(Layout layout)
    {
        Func<Layout, bool>? handler = OnExhausted;
        if (handler == null || t_handling)
        {
            return false;
        }

        t_handling = true;
        try
        {
            return handler(layout);
        }
        finally
        {
            t_handling = false;
        }
    }
}
