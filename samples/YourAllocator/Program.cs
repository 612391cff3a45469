using System;
using Quarry;
using Quarry.Testing;
using YourAllocator;

nuint size = 64.MiB();
foreach (ConformanceCheck check in AllocatorConformance.Checks)
{
    AllocatorConformance.Run(
        check,
        () => new Scratch<SystemHeap>(default, size),
        scratch => scratch.Dispose(),
        new() { Capacity = size });
    Console.WriteLine($"passed  {check}");
}

// Any code that takes an allocator now takes this one; and it composes.
using var scratch = new Scratch<SystemHeap>(default, 1.MiB());
using var counting = new Counting<Scratch<SystemHeap>>(scratch);
MemorySection section = MemorySection.Start(MemorySource.Of(counting));
for (int count = 1; count <= 20; count++)
{
    FillOne(counting, count);
}

Console.WriteLine();
Console.WriteLine(section.Stop());

static unsafe void FillOne<TAllocator>(TAllocator allocator, int count)
    where TAllocator : unmanaged, IAllocator
{
    void* block = allocator.Allocate(Layout.Array<int>(count));
    new Span<int>(block, count).Fill(count);
}
