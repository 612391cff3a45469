namespace Quarry;

/// <summary>
/// Specifies whether one thread or several threads use an allocator: <see cref="Quarry.Shared"/> or
/// <see cref="Local"/> as a type argument.
/// </summary>
/// <remarks>The choice is a compile-time constant, so the code for the other choice is removed.</remarks>
public interface IThreading
{
    /// <summary>Gets a value that indicates whether several threads can use the allocator at once.</summary>
    static abstract bool Shared { get; }
}
