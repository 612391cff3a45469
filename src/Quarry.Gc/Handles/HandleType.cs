namespace Quarry.Gc;

/// <summary>The runtime's kinds of handles, as far as they differ here.</summary>
internal static class HandleType
{
    /// <summary>Keeps a second object as long as the first one lives.</summary>
    internal const int Dependent = 6;
}
