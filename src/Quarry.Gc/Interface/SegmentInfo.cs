namespace Quarry.Gc;

/// <summary>A frozen segment as the runtime describes it: <c>segment_info</c>.</summary>
internal unsafe struct SegmentInfo
{
    public byte* Memory;
    public nuint FirstObject;
    public nuint Allocated;
    public nuint Committed;
    public nuint Reserved;
}
