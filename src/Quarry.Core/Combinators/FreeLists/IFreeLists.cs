namespace Quarry;

/// <summary>Which list of free blocks serves a request.</summary>
internal unsafe interface IFreeLists
{
    /// <summary>Whether the lists are there: they go when their allocator is disposed.</summary>
    bool IsAlive { get; }

    /// <summary>The list; null if the request is none of the lists' business.</summary>
    FreeBlockList* Find(nuint size, nuint alignment);
}
