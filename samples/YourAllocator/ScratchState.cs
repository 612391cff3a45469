namespace YourAllocator;

/// <summary>What a scratch allocator keeps: addresses of its range.</summary>
internal struct ScratchState
{
    public nuint Start, Next, End;
}
