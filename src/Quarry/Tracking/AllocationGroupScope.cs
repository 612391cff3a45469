namespace Quarry;

/// <summary>
/// The scope in which a thread allocates for a group; see <see cref="AllocationGroup.Enter"/>.
/// </summary>
public readonly ref struct AllocationGroupScope
{
    private readonly GroupContext.Scope _outer;

    internal AllocationGroupScope(AllocationGroup group) => _outer = GroupContext.Enter(group);

    /// <summary>Returns to the group of the scope around it. Dispose of scopes from the inside out.</summary>
    public void Dispose() => GroupContext.Restore(_outer);
}
