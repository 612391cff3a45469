namespace Quarry.Gc;

/// <summary>Why a collection happens: <c>gc_reason</c>, which events report.</summary>
internal static class CollectionReason
{
    internal const int Budget = 0;
    internal const int Induced = 1;
    internal const int LowMemory = 2;
    internal const int OutOfSpace = 5;
}
