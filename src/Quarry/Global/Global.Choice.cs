using System;

namespace Quarry;

/// <content>Which allocator it is.</content>
public readonly unsafe partial struct Global
{
    /// <summary>Has the application served by an allocator, whatever its settings say.</summary>
    /// <remarks>
    /// To be called early in <c>Main</c>, before anything that allocates from <see cref="Global"/>. The
    /// allocator must not be disposed while the process runs.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Global"/> was used already, or an allocator was given to it already.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The allocator is not <see cref="AllocatorTraits.ThreadSafe"/>, or it stands on <see cref="Global"/>.
    /// </exception>
    public static void Use<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        if (GlobalChoice.WhyNot<TAllocator>() is { } reason)
        {
            throw new ArgumentException(reason, nameof(allocator));
        }

        GlobalChoice.Name(new GlobalDispatch<TAllocator>(allocator));
    }

    /// <summary>The type of the allocator that serves. Asking for it is a use.</summary>
    public static Type AllocatorType => GlobalChoice.Serving.AllocatorType;

    /// <summary>The allocator that serves, if it is of this type. Asking for it is a use.</summary>
    /// <remarks>For what only that type can tell, such as the statistics of a <see cref="Heap"/>.</remarks>
    public static bool TryGet<TAllocator>(out TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        var dispatch = GlobalChoice.Serving as GlobalDispatch<TAllocator>;
        allocator = dispatch?.Allocator ?? default;
        return dispatch != null;
    }
}
