namespace Quarry.Gc;

/// <summary>The runtime's types of handles (<c>HandleType</c>), as far as they differ here.</summary>
internal static class HandleType
{
    /// <summary>
    /// A weak handle that is cleared after finalization. Handles of type 0 are cleared before.
    /// </summary>
    internal const int WeakLong = 1;

    /// <summary>Keeps an object alive, and at its address.</summary>
    internal const int Pinned = 3;

    /// <summary>Keeps an object alive as long as the runtime holds a reference count.</summary>
    internal const int RefCounted = 5;

    /// <summary>Keeps a second object alive as long as the first one lives.</summary>
    internal const int Dependent = 6;
}
