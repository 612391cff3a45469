using System.Linq;
using Quarry.Testing;

namespace Quarry.Windows.Tests;

/// <summary>Allocators conform, and checked ones detect the same as elsewhere.</summary>
internal static unsafe class AllocatorChecks
{
    internal static Check[] All =>
    [
        new("the heap conforms", HeapConforms),
        new("the bump allocator conforms", BumpConforms),
        new("a checked allocator on guarded pages conforms", GuardedConforms),
        new("a checked allocator detects an overrun and reports the allocating method", Overrun),
        new("a read of guarded memory after it was freed ends the process", GuardedAccess.Check),
    ];

    // Wine maps pages slowly; sizes beyond those of slices and of guarded pages take no other paths.
    private static void HeapConforms() => AllocatorConformance.Verify(
        () => new Heap(), heap => heap.Dispose(), new ConformanceOptions { MaxSize = 256 * 1024 });

    private static void BumpConforms()
    {
        nuint size = 64 << 20;
        AllocatorConformance.Verify(
            () => new Bump<Shared>(size),
            bump => bump.Dispose(),
            new ConformanceOptions { Capacity = size, MaxSize = 64 * 1024 });
    }

    private static void GuardedConforms()
    {
        CheckedOptions options = new()
        {
            GuardPages = true,
            StackFrames = 0,
            FindLeaks = false,
            QuarantineBlocks = 10,
        };
        AllocatorConformance.Verify(
            () => new Checked<SystemHeap>(default, options),
            memory => memory.Dispose(),
            new ConformanceOptions { MaxSize = 16 * 1024 });
    }

    private static void Overrun()
    {
        using Checked<SystemHeap> memory = new(
            default, new CheckedOptions { Response = ViolationResponse.Collect });
        Layout layout = HeapChecks.Bytes(10);
        byte* block = (byte*)memory.Allocate(layout);
        block[10] = 0;
        memory.Deallocate(block, layout);
        ViolationReport found = memory.Violations.Single();
        Check.That(found.Kind == ViolationKind.Overrun && found.Offset == 10, $"it is found: {found}");
        string? method = found.AllocatedAt!.Frames[0].MethodName;
        Check.That(method == nameof(Overrun), $"it reports the allocating method: {found}");
    }
}
