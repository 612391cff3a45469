using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Counts down the blocks of each class that pass before the next chosen one, for one thread: one that is
/// sampled, and one that is guarded.
/// </summary>
/// <remarks>
/// <para>
/// Choosing each byte of a thread with the probability 1 / interval is the same as doing so in each class on
/// its own. All blocks of a class have one size, so the number of blocks that pass is drawn instead of a
/// number of bytes; and the slow path, which decides how many blocks enter the free list, ends the list
/// before the chosen block. The fast paths count nothing. A guarded block is drawn as one of 1 byte, so that
/// each block is as likely as any other.
/// </para>
/// <para>
/// A countdown is 1 plus the number of blocks that may still enter the list before the chosen one; 0 if it
/// is not drawn. A block that returns from the list to its page was not allocated, and is counted again. If
/// it were not, a thread that ends would lose blocks that pass, but never the chosen block, so that threads
/// of short life would be sampled too often.
/// </para>
/// </remarks>
internal static unsafe class BlockCountdowns
{
    // Of the kind that a thread does not choose: more blocks than will ever be allocated, so that one
    // comparison covers both kinds, and half of the numbers, so that returns do not overflow.
    private static nuint Never => nuint.MaxValue >> 1;

    /// <summary>Makes a thread follow other intervals.</summary>
    /// <param name="thread">The thread heap, inside a slow path.</param>
    /// <param name="sampleInterval">The mean number of bytes between two sampled ones; 0 for none.</param>
    /// <param name="guardInterval">The mean number of blocks between two guarded ones; 0 for none.</param>
    internal static void Start(ThreadHeap* thread, nuint sampleInterval, nuint guardInterval)
    {
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            // The blocks in the list were not drawn with these intervals. The list stays at the end of
            // sampling, because all blocks pass from then on.
            if ((sampleInterval | guardInterval) != 0)
            {
                PageQueues.ReturnList(thread, sizeClass);
            }

            ThreadHeap.SampleCountdown(thread)[sizeClass] = sampleInterval == 0 ? Never : 0;
            ThreadHeap.GuardCountdown(thread)[sizeClass] = guardInterval == 0 ? Never : 0;
        }

        thread->SampleInterval = sampleInterval;
        thread->GuardInterval = guardInterval;
        thread->Chooses = (sampleInterval | guardInterval) != 0;
        ThreadHeap.SetRefillLimit(thread, thread->RefillLimit);
    }

    /// <summary>
    /// Determines whether the next block of a class is a chosen one, or a countdown has to be drawn.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsDue(ThreadHeap* thread, int sizeClass) =>
        ThreadHeap.SampleCountdown(thread)[sizeClass] <= 1
            || ThreadHeap.GuardCountdown(thread)[sizeClass] <= 1;

    /// <summary>
    /// Determines whether the next block is the chosen one, and if so, draws the one after it.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="countdown">The countdown of a class whose list is empty.</param>
    /// <param name="interval">The mean number of bytes between two chosen ones.</param>
    /// <param name="size">The size of the blocks of the class.</param>
    internal static bool TryTake(HeapState* heap, nuint* countdown, nuint interval, nuint size)
    {
        if (*countdown == 0)
        {
            *countdown = 1 + SampleDraw.BlocksBefore(heap, interval, size);
        }

        if (*countdown != 1)
        {
            return false;
        }

        *countdown = 1 + SampleDraw.BlocksBefore(heap, interval, size);
        return true;
    }

    /// <summary>Lets the next block pass, because there is no memory for a chosen one.</summary>
    internal static void Skip(nuint* countdown) => *countdown = *countdown == 1 ? 2 : *countdown;

    /// <summary>
    /// Counts the given number of blocks if all of them may enter the list. The thread heap has countdowns.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryPass(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint* sample = &ThreadHeap.SampleCountdown(thread)[sizeClass];
        nuint* guard = &ThreadHeap.GuardCountdown(thread)[sizeClass];
        bool all = count < *sample && count < *guard;
        if (all)
        {
            *sample -= count;
            *guard -= count;
        }

        return all;
    }

    /// <summary>
    /// Returns how many of the given number of blocks may enter the list, and counts these: at least one.
    /// </summary>
    internal static nuint Pass(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint* sample = &ThreadHeap.SampleCountdown(thread)[sizeClass];
        nuint* guard = &ThreadHeap.GuardCountdown(thread)[sizeClass];
        nuint least = *sample < *guard ? *sample : *guard;
        Debug.Assert(least > 1, "a list that begins with a chosen block");
        count = count < least ? count : least - 1;
        *sample -= count;
        *guard -= count;
        return count;
    }

    /// <summary>Counts blocks that return from the list.</summary>
    internal static void Return(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint* sample = &ThreadHeap.SampleCountdown(thread)[sizeClass];
        nuint* guard = &ThreadHeap.GuardCountdown(thread)[sizeClass];
        *sample += *sample == 0 ? 0 : count;
        *guard += *guard == 0 ? 0 : count;
    }
}
