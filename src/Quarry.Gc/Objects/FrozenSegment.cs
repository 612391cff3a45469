namespace Quarry.Gc;

/// <summary>
/// A range of objects that the runtime allocates itself: literals, types, boxed constants.
/// </summary>
internal unsafe struct FrozenSegment
{
    public byte* Start;

    /// <summary>The end of the range; its start once the segment is no longer registered.</summary>
    public nuint End;

    public FrozenSegment* Next;
}
