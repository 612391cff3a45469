namespace Quarry;

/// <summary>Called at the two ends of a program, in a native image that serves as its malloc.</summary>
/// <remarks>
/// Implement it where the allocator is, and name the type in the build property <c>MallocEvents</c>. Programs
/// that end by <c>_exit</c> or a signal do not call <see cref="OnExit"/>.
/// </remarks>
public interface IProcessEvents
{
    /// <summary>
    /// All libraries are loaded and the program is about to start: what was allocated so far, it did not.
    /// </summary>
    static abstract void OnMain();

    /// <summary>The program has returned from <c>main</c> or called <c>exit</c>.</summary>
    static abstract void OnExit();
}
