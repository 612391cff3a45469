namespace Quarry.Gc;

/// <summary>The number of collections that were requested, by generation.</summary>
/// <remarks>
/// <c>GC.Collect</c> must change <c>GC.CollectionCount</c>: some programs wait for that in a loop.
/// </remarks>
internal static class CollectionCounts
{
    private static nuint s_generation0;
    private static nuint s_generation1;
    private static nuint s_generation2;

    /// <summary>Counts a collection of a generation, which is also one of the younger generations.</summary>
    /// <returns>The number of the collection, from 1.</returns>
    internal static nuint Add(int generation)
    {
        if (generation >= 2)
        {
            _ = Atomic.Add(ref s_generation2, 1);
        }

        if (generation >= 1)
        {
            _ = Atomic.Add(ref s_generation1, 1);
        }

        return Atomic.Add(ref s_generation0, 1);
    }

    internal static nuint Read(int generation) => generation switch
    {
        0 => Atomic.Read(ref s_generation0),
        1 => Atomic.Read(ref s_generation1),
        _ => Atomic.Read(ref s_generation2),
    };
}
