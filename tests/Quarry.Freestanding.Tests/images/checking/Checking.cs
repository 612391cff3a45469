using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Freestanding.Tests;

/// <summary>A checked allocator without a runtime.</summary>
internal static unsafe class Checking
{
    /// <summary>Makes a mistake and returns the kind that was reported.</summary>
    [RuntimeExport("find_mistake")]
    public static nuint FindMistake(nuint mistake, nuint guardPages)
    {
        CheckedViolation last = default;
        Checked<Checked<Null>> memory = Create(&last, guardPages != 0);
        _ = Layout.TryCreate(100, 16, out Layout layout);
        byte* block = (byte*)memory.Allocate(layout);
        switch (mistake)
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

    /// <summary>How many frames are kept of a stack.</summary>
    [RuntimeExport("depth_of_stack")]
    public static int DepthOfStack(int limit) => Deeper(limit, 5);

    /// <summary>Whether the same place has one number, and another place another.</summary>
    [RuntimeExport("keeps_stacks_once")]
    public static int KeepsStacksOnce()
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
        int frames = StackWalker.Walk(stack, addresses, 4);
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
        int frames = StackWalker.Walk(stack, addresses, 4);
        Os.Unmap(stack, 2 * Os.PageSize);
        return frames;
    }

    // What is mixed in keeps them from being tail calls, which leave no frame.
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

        // Not a tail call: the frame stays.
        return depth + (levels & 0x100);
    }

    private static Checked<Checked<Null>> Create(CheckedViolation* last, bool guardPages)
    {
        // Guarded blocks come from the system, so an allocator of nothing will do inside.
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
