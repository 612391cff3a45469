namespace Quarry;

/// <summary>Assigns requests to lists of free blocks, and provides these lists.</summary>
/// <remarks>
/// The assignment of sizes to lists is part of the allocator's value; the lists are part of its state. The
/// size of a block from the inner allocator can therefore still be computed after the state is released.
/// </remarks>
internal unsafe interface IFreeLists
{
    /// <summary>Gets a value that indicates whether the lists exist; they end with their allocator.</summary>
    bool IsAlive { get; }

    /// <summary>Gets the number of lists.</summary>
    nuint Count { get; }

    /// <summary>Returns the index of the list that serves a request.</summary>
    /// <returns>
    /// The index, or <see cref="Recycling.NoList"/> if the request is passed to the inner allocator.
    /// </returns>
    nuint IndexOf(nuint size, nuint alignment);

    /// <summary>Returns the layout of every block in a list.</summary>
    Layout BlockOf(nuint index);

    /// <summary>Returns a list. The lists must exist.</summary>
    FreeBlockList* ListAt(nuint index);
}
