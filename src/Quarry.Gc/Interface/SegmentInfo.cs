namespace Quarry.Gc;

/// <summary>A frozen segment: objects that the runtime allocates itself and that never go.</summary>
internal unsafe struct SegmentInfo
{
    public byte* Memory;
    public nuint FirstObject;
    public nuint Allocated;
    public nuint Committed;
    public nuint Reserved;
}
