namespace Quarry.GlobalProgram;

/// <summary>Makes an allocator that could as well be made by <c>new</c>.</summary>
internal sealed class PlainFactory : IAllocatorFactory<Plain>
{
    public static bool TryCreate(out Plain allocator)
    {
        allocator = default;
        return true;
    }
}
