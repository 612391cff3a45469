namespace Quarry.Gc;

/// <summary>
/// The origin of the memory from which a thread allocates; the memory itself is described by the context.
/// </summary>
internal unsafe struct Quantum
{
    /// <summary>The run that contains the quantum; null if the thread has none.</summary>
    public ObjectRun* Run;

    /// <summary>The size of the thread's next quantum; 0 before the first.</summary>
    public nuint NextSize;
}
