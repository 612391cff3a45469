namespace Quarry.Gc;

/// <summary>A thread's last object, in the mode <c>tracing</c>.</summary>
internal unsafe struct TracedObject
{
    /// <summary>The object's run; null if the object has been written.</summary>
    public ObjectRun* Run;

    /// <summary>The time of the allocation.</summary>
    public ulong Ticks;
}
