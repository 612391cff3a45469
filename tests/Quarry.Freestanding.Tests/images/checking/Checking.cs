using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Freestanding.Tests;

/// <summary>Tests of a checked allocator without a runtime.</summary>
internal static unsafe class Checking
{
    /// <summary>Misuses an allocator and returns the kind of violation that was reported.</summary>
    [RuntimeExport("detect_misuse")]
    public static nuint DetectMisuse(nuint misuse, nuint guardPages)
    {
        CheckedViolation last = default;
        Checked<Checked<Null>> memory = Create(&last, guardPages != 0);
        _ = Layout.TryCreate(100, 16, out Layout layout);
        byte* block = (byte*)memory.Allocate(layout);
        switch (misuse)
        {
            case 0:
                memory.Deallocate(block, Layout.Of<int>());
                break;
            case 1:
                memory.Deallocate(block, layout);
                memory.Deallocate(block, layout);
                break;
            case 2:
                memory.Deallocate(&last, layout);
                break;
            case 3:
                memory.Deallocate(block + 4, layout);
                break;
            case 4:
                block[100] = 0;
                _ = memory.TryVerify();
                break;
            default:
                memory.Deallocate(memory.Reallocate(block, layout, 100), layout);
                break;
        }

        return (nuint)last.Kind;
    }

    /// <summary>Returns the number of frames captured of a stack.</summary>
    [RuntimeExport("depth_of_stack")]
    public static int DepthOfStack(int limit) => Deeper(limit, 5);

    /// <summary>Determines whether equal stacks, and only those, have the same number.</summary>
    [RuntimeExport("stores_stacks_once")]
    public static int StoresStacksOnce()
    {
        nuint here = Here(0), there = There(0);
        for (int turn = 0; turn < 100; turn++)
        {
            if (Here(0) != here || There(0) != there)
            {
                return 0;
            }
        }

        return here != 0 && there != 0 && here != there ? 1 : 0;
    }

    /// <summary>
    /// Walks a stack whose second frame pointer leads into a guard page, and returns the number of frames.
    /// </summary>
    [RuntimeExport("walk_into_guard_page")]
    public static int WalkIntoGuardPage()
    {
        nuint* stack = (nuint*)Os.Map(2 * Os.PageSize);
        nuint* guard = stack + (Os.PageSize / (nuint)sizeof(nuint));
        Os.Decommit(guard, Os.PageSize);
        stack[0] = (nuint)(guard - 2);
        stack[1] = 1;
        guard[-2] = (nuint)(guard + 2);
        guard[-1] = 2;
        nuint* addresses = stackalloc nuint[4];
        int frames = FrameChain.Walk(stack, addresses, 4);
        Os.Unmap(stack, 2 * Os.PageSize);
        return addresses[0] == 1 && addresses[1] == 2 ? frames : -1;
    }

    /// <summary>Walks a stack whose second frame lies half in a guard page.</summary>
    [RuntimeExport("walk_into_half_a_frame")]
    public static int WalkIntoHalfAFrame()
    {
        nuint* stack = (nuint*)Os.Map(2 * Os.PageSize);
        nuint* guard = stack + (Os.PageSize / (nuint)sizeof(nuint));
        Os.Decommit(guard, Os.PageSize);
        stack[0] = (nuint)(guard - 1);
        stack[1] = 1;
        nuint* addresses = stackalloc nuint[4];
        int frames = FrameChain.Walk(stack, addresses, 4);
        Os.Unmap(stack, 2 * Os.PageSize);
        return frames;
    }

    // The operation after the call prevents a tail call, which has no frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Here(nuint mixed) => StackDepot.Capture(1) ^ mixed;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint There(nuint mixed) => StackDepot.Capture(1) + mixed;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Deeper(int limit, int levels)
    {
        int depth = levels == 0
            ? StackDepot.Frames(StackDepot.Capture(limit), out _)
            : Deeper(limit, levels - 1);

        // Prevents a tail call, which has no frame.
        return depth + (levels & 0x100);
    }

    private static Checked<Checked<Null>> Create(CheckedViolation* last, bool guardPages)
    {
        // Guarded blocks are mapped directly, so the inner allocator need not provide memory.
        CheckedOptions options = new() { GuardPages = true };
        _ = Checked<Null>.TryCreate(default, options, out Checked<Null> inner);
        options.GuardPages = guardPages;
        options.OnViolation = new ViolationHook(&Keep, last);
        _ = Checked<Checked<Null>>.TryCreate(inner, options, out Checked<Checked<Null>> memory);
        return memory;
    }

    private static void Keep(void* last, CheckedViolation* violation) =>
        *(CheckedViolation*)last = *violation;
}
