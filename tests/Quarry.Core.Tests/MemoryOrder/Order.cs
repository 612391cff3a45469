namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>The order of an access, as that of the operations of <see cref="Atomic"/>.</summary>
public enum Order
{
    /// <summary>A plain access: it may be reordered with accesses to other words.</summary>
    Plain,

    /// <summary>A load: no later access is performed before it.</summary>
    Acquire,

    /// <summary>A store: no earlier access is performed after it.</summary>
    Release,

    /// <summary>A read-modify-write that acquires and releases, and is no fence.</summary>
    AcquireRelease,

    /// <summary>A read-modify-write between two full fences.</summary>
    Full,
}
