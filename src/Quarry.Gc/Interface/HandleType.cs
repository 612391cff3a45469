namespace Quarry.Gc;

/// <summary>The runtime's types of handles (<c>HandleType</c>), as far as they differ here.</summary>
internal static class HandleType
{
    /// <summary>A weak handle that is cleared before finalization.</summary>
    internal const int WeakShort = 0;

    /// <summary>A weak handle that is cleared after finalization.</summary>
    internal const int WeakLong = 1;

    /// <summary>Keeps an object alive, and at its address.</summary>
    internal const int Pinned = 3;

    /// <summary>Keeps an object alive as long as the runtime holds a reference count.</summary>
    internal const int RefCounted = 5;

    /// <summary>Keeps a second object alive as long as the first one lives.</summary>
    internal const int Dependent = 6;

    /// <summary>A weak handle of a COM object, cleared like <see cref="WeakLong"/>.</summary>
    internal const int WeakNative = 9;

    /// <summary>
    /// A weak handle of the object that contains static fields, cleared like <see cref="WeakLong"/>.
    /// </summary>
    internal const int WeakInterior = 10;

    /// <summary>Determines whether handles of a type keep their object alive unconditionally.</summary>
    internal static bool IsStrong(nuint type) => type switch
    {
        WeakShort or WeakLong or RefCounted or Dependent or WeakNative or WeakInterior => false,
        _ => true,
    };
}
