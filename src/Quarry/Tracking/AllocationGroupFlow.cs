using System;

namespace Quarry;

/// <summary>
/// The scope in which an asynchronous flow allocates for a group; see
/// <see cref="AllocationGroup.EnterFlow"/>.
/// </summary>
public sealed class AllocationGroupFlow : IDisposable
{
    private readonly AllocationGroupFlow? _outer;

    internal AllocationGroupFlow(AllocationGroup group)
    {
        Group = group;
        _outer = GroupContext.Flow;
        GroupContext.Flow = this;
    }

    /// <summary>The group.</summary>
    public AllocationGroup Group { get; }

    /// <summary>Returns to the flow around it. Disposing twice, or elsewhere, does nothing.</summary>
    public void Dispose()
    {
        if (GroupContext.Flow == this)
        {
            GroupContext.Flow = _outer;
        }
    }
}
