namespace Quarry.Tests.Testing;

/// <summary>What a faulty heap remembers.</summary>
internal unsafe struct FaultyState
{
    public nuint InUse;
    public bool WasExhausted;
    public int Creator;
    public void* Last;
    public void* Freed;
    public void* Twice;
}
