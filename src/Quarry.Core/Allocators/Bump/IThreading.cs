namespace Quarry;

/// <summary>
/// Who may use an allocator: a type argument, <see cref="Quarry.Shared"/> or <see cref="Local"/>.
/// </summary>
/// <remarks>It is known at compile time, so the code of the other choice vanishes.</remarks>
public interface IThreading
{
    /// <summary>Whether several threads may use it at once.</summary>
    static abstract bool Shared { get; }
}
