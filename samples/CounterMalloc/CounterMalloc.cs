using System;
using System.Runtime.InteropServices;
using Quarry;
using Inner = Quarry.Counting<Quarry.Sized<Quarry.Segregate<
    Quarry.Bucketize<Quarry.Arena, Quarry.FourPerDoubling>, Quarry.PageAllocator, Quarry.Bytes.Of64K>>>;

namespace CounterMalloc;

/// <summary>Counts the allocations of a program: before main, in use, and the peak.</summary>
/// <remarks>
/// A line with the counts is written to standard error when the program ends; a C program can read them at
/// any time with <c>counter_malloc_statistics</c>. A program in any language marks a moment by allocating a
/// block of <see cref="MarkSize"/> bytes: the counts before it are written to standard error, and the block
/// is then allocated like any other.
/// </remarks>
public readonly unsafe struct CounterMalloc : IAllocator, IAllocatorFactory<CounterMalloc>, IProcessEvents
{
    /// <summary>The size of a mark, in bytes; programs do not request it by chance.</summary>
    public const nuint MarkSize = 2_718_281;

    private static CounterMalloc s_process;
    private static AllocationStatistics s_beforeMain;

    private readonly Inner _inner;

    private CounterMalloc(Inner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Inner.Traits | AllocatorTraits.KnowsSize;

    /// <summary>Gets the statistics so far.</summary>
    public AllocationStatistics Statistics => _inner.Statistics;

    /// <inheritdoc/>
    public static bool TryCreate(out CounterMalloc allocator)
    {
        allocator = default;
        if (!Parts.GeneralPurpose.TryCreate(out var parts) || !Inner.TryCreate(new(parts), out Inner inner))
        {
            return false;
        }

        s_process = allocator = new CounterMalloc(inner);
        return true;
    }

    /// <inheritdoc/>
    public static void OnMain() => s_beforeMain = s_process.Statistics;

    /// <inheritdoc/>
    public static void OnExit()
    {
        AllocationStatistics now = s_process.Statistics;
        TextBuffer text = new(stackalloc byte[512]);
        Append(ref text, "counter: "u8, s_beforeMain.AllocatedBytes);
        Append(ref text, " bytes in "u8, s_beforeMain.Allocations);
        Append(ref text, " blocks allocated before main, "u8, s_beforeMain.CurrentBytes);
        Append(ref text, " in use then; "u8, now.AllocatedBytes);
        Append(ref text, " bytes in "u8, now.Allocations);
        Append(ref text, " blocks in total, "u8, now.CurrentBytes);
        Append(ref text, " in use at exit, peak "u8, now.PeakBytes);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }

    /// <summary>
    /// <c>void counter_malloc_statistics(struct { long before_main, in_use, peak; }*)</c>, in bytes.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "counter_malloc_statistics")]
    public static void ReadStatistics(long* result)
    {
        AllocationStatistics now = s_process.Statistics;
        result[0] = s_beforeMain.AllocatedBytes;
        result[1] = now.CurrentBytes;
        result[2] = now.PeakBytes;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout)
    {
        MarkIf(layout);
        return _inner.Allocate(layout);
    }

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout)
    {
        MarkIf(layout);
        return _inner.AllocateZeroed(layout);
    }

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, Of(block, layout));

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        _inner.Reallocate(block, Of(block, layout), newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _inner.TryResize(block, Of(block, layout), newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private void MarkIf(Layout layout)
    {
        if (layout.Size == MarkSize)
        {
            WriteMark(Statistics);
        }
    }

    private static void WriteMark(AllocationStatistics now)
    {
        TextBuffer text = new(stackalloc byte[512]);
        Append(ref text, "counter: mark: "u8, now.AllocatedBytes);
        Append(ref text, " bytes in "u8, now.Allocations);
        Append(ref text, " blocks so far, "u8, now.CurrentBytes);
        Append(ref text, " bytes in "u8, now.CurrentBlocks);
        text.Append(" blocks in use\n"u8);
        StandardError.Write(ref text);
    }

    private static void Append(ref TextBuffer text, ReadOnlySpan<byte> before, long number)
    {
        text.Append(before);
        text.Append((nuint)number);
    }

    // Reads the header of the block, because the counters need the size that the program requested.
    private static Layout Of(void* block, Layout layout) =>
        block == null ? layout : Sized<CounterMalloc>.LayoutOf(block);
}
