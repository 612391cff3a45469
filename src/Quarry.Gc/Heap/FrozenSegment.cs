namespace Quarry.Gc;

/// <summary>A range of objects that the runtime made itself: literals, types, boxed constants.</summary>
internal unsafe struct FrozenSegment
{
    public byte* Start;
    public byte* Allocated;
    public byte* End;
    public FrozenSegment* Next;
}
