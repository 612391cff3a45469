using System;

namespace Quarry;

/// <summary>Names the allocator that serves as <see cref="Global"/>, on the entry assembly.</summary>
/// <remarks>
/// Use <see cref="GlobalAllocatorAttribute{TAllocator}"/> or, for an allocator that has to be made,
/// <see cref="GlobalAllocatorAttribute{TAllocator, TFactory}"/>: the compiler sees to it that the type is an
/// allocator, and nothing is found by its name when the program runs.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public abstract class GlobalAllocatorAttribute : Attribute
{
    private protected GlobalAllocatorAttribute()
    {
    }

    internal abstract GlobalDispatch Make();
}
