namespace Quarry.Testing;

/// <summary>A kind of request that <see cref="FailureInjection"/> makes fail.</summary>
public enum FailureKind
{
    /// <summary>A block is asked for.</summary>
    Allocation,

    /// <summary>A block is to be reallocated.</summary>
    Reallocation,

    /// <summary>A block is to be resized where it lies.</summary>
    Resize,
}
