global using MyAllocator = Quarry.SystemHeap;

public readonly struct MyFactory : IAllocatorFactory<Limited<Heap>>
{
    public static bool TryCreate(out Limited<Heap> allocator)
    {
        allocator = new(Heap.Create(), 64.MiB());
        return true;
    }
}
