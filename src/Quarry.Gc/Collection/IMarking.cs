namespace Quarry.Gc;

/// <summary>How a thread marks: which bits it sets, and what it does between two visits.</summary>
internal interface IMarking
{
    /// <summary>Sets the bit of an object, by its offset from the start of the heap.</summary>
    /// <returns>False if the object is not to be visited.</returns>
    static abstract bool TrySet(nuint offset);

    /// <summary>Called after each visit.</summary>
    /// <param name="stack">The objects that are not visited yet.</param>
    /// <param name="visits">The number of visits.</param>
    /// <returns>False to stop.</returns>
    static abstract bool Continues(ref MarkStack stack, uint visits);
}
