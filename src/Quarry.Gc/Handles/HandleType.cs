namespace Quarry.Gc;

/// <summary>The runtime's kinds of handles, as far as they differ here.</summary>
internal static class HandleType
{
    /// <summary>Of those up to this one, targets may go.</summary>
    internal const int Weak = 1;

    /// <summary>Keeps an object where it is.</summary>
    internal const int Pinned = 3;

    /// <summary>Keeps an object as long as a count says so.</summary>
    internal const int Counted = 5;

    /// <summary>Keeps a second object as long as the first one lives.</summary>
    internal const int Dependent = 6;
}
