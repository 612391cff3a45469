namespace Quarry;

/// <summary>
/// Handles the start and end of a program, in a native image that serves as its <c>malloc</c>.
/// </summary>
/// <remarks>
/// Implement this interface next to the allocator, and set the build property <c>MallocEvents</c> to the
/// type. <see cref="OnExit"/> is not called if the program ends by <c>_exit</c> or a signal.
/// </remarks>
public interface IProcessEvents
{
    /// <summary>
    /// Called when all libraries are loaded and before <c>main</c> is called. Allocations before this call
    /// are those of the loader and of constructors.
    /// </summary>
    static abstract void OnMain();

    /// <summary>Called after the program has returned from <c>main</c> or called <c>exit</c>.</summary>
    static abstract void OnExit();
}
