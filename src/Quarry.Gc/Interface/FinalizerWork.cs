namespace Quarry.Gc;

/// <summary>Something that the runtime's thread of finalizers does for a collector, once.</summary>
internal unsafe struct FinalizerWork
{
    public FinalizerWork* Next;
    public void* Function;

    /// <summary>Whether it was handed to the thread.</summary>
    public byte Scheduled;

    /// <summary>Whether only its memory is to be given back.</summary>
    public byte Abandoned;
}
