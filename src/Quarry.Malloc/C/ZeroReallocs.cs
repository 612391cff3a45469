namespace Quarry.Malloc;

/// <summary>Counts calls of <c>realloc</c> with a block and a size of 0.</summary>
internal static class ZeroReallocs
{
    private static nuint s_count;

    internal static nuint Count => Atomic.Read(ref s_count);

    internal static void Increment() => _ = Atomic.Add(ref s_count, 1);
}
