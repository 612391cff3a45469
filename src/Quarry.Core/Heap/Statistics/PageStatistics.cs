namespace Quarry;

/// <summary>The pages of one size class.</summary>
internal struct PageStatistics
{
    /// <summary>The number of pages that have a free block.</summary>
    public nuint Nonfull;

    /// <summary>The number of pages ever created.</summary>
    public nuint Created;

    internal void Add(in PageStatistics other)
    {
        Nonfull += other.Nonfull;
        Created += other.Created;
    }
}
