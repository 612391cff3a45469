using System;

namespace Quarry;

/// <summary>
/// Has the program served by an allocator, as <see cref="Global"/>:
/// <c>[assembly: GlobalAllocator&lt;MyAllocator&gt;]</c>.
/// </summary>
/// <remarks>
/// The allocator is <c>new TAllocator()</c>: what its parameterless constructor makes, or its default value.
/// Where that serves nothing, as the default value of <see cref="Heap"/> does, name a factory as well:
/// <see cref="GlobalAllocatorAttribute{TAllocator, TFactory}"/>. The allocator must be
/// <see cref="AllocatorTraits.ThreadSafe"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GlobalAllocatorAttribute<TAllocator> : GlobalAllocatorAttribute
    where TAllocator : unmanaged, IAllocator
{
    internal override GlobalDispatch Make() =>
        GlobalChoice.MakeDefault<TAllocator>($"The attribute GlobalAllocator<{typeof(TAllocator)}>");
}
