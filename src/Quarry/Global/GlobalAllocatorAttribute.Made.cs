using System;

namespace Quarry;

/// <summary>
/// Has the program served by an allocator that a factory makes, as <see cref="Global"/>:
/// <c>[assembly: GlobalAllocator&lt;Limited&lt;Heap&gt;, MyFactory&gt;]</c>.
/// </summary>
/// <remarks>
/// The factory is asked once. The allocator must be <see cref="AllocatorTraits.ThreadSafe"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GlobalAllocatorAttribute<TAllocator, TFactory> : GlobalAllocatorAttribute
    where TAllocator : unmanaged, IAllocator
    where TFactory : IAllocatorFactory<TAllocator>
{
    internal override GlobalDispatch Make() => GlobalChoice.MakeBy<TAllocator, TFactory>(
        $"The attribute GlobalAllocator<{typeof(TAllocator)}, {typeof(TFactory)}>");
}
