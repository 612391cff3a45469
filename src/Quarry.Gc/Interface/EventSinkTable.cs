namespace Quarry.Gc;

/// <summary>
/// The function table of <c>IGCToCLREventSink</c>, up to the last function that is called, in the interface's
/// order and by its names.
/// </summary>
internal unsafe struct EventSinkTable
{
    public void* FireDynamicEvent;
    public void* FireGCStart_V2;
    public void* FireGCEnd_V1;
    public void* FireGCGenerationRange;
    public void* FireGCHeapStats_V2;
    public void* FireGCCreateSegment_V1;
    public void* FireGCFreeSegment_V1;
    public void* FireGCCreateConcurrentThread_V1;
    public void* FireGCTerminateConcurrentThread_V1;
    public void* FireGCTriggered;
    public void* FireGCMarkWithType;
    public void* FireGCJoin_V2;
    public void* FireGCGlobalHeapHistory_V4;
    public void* FireGCAllocationTick_V1;
    public void* FireGCAllocationTick_V4;
    public void* FirePinObjectAtGCTime;
    public void* FirePinPlugAtGCTime;
    public void* FireGCPerHeapHistory_V3;
}
