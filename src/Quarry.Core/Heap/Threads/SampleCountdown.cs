using System.Diagnostics;

namespace Quarry;

/// <summary>
/// Counts down the blocks of each class that pass before the next sampled one, for one thread.
/// </summary>
/// <remarks>
/// <para>
/// Choosing each byte of a thread with the probability 1 / interval is the same as doing so in each class on
/// its own. All blocks of a class have one size, so the number of blocks that pass is drawn instead of a
/// number of bytes; and the slow path, which decides how many blocks enter the free list, ends the list
/// before the sampled block. The fast paths count nothing.
/// </para>
/// <para>
/// A countdown is 1 plus the number of blocks that may still enter the list before the sampled one; 0 if it
/// is not drawn. A block that returns from the list to its page was not allocated, and is counted again. If
/// it were not, a thread that ends would lose blocks that pass, but never the sampled block, so that threads
/// of short life would be sampled too often.
/// </para>
/// </remarks>
internal static unsafe class SampleCountdown
{
    /// <summary>Makes a thread follow another interval.</summary>
    /// <param name="thread">The thread heap, inside a slow path.</param>
    /// <param name="interval">The mean number of bytes between two chosen ones; 0 to end sampling.</param>
    internal static void Start(ThreadHeap* thread, nuint interval)
    {
        for (int sizeClass = 0; sizeClass < thread->Heap->ClassCount; sizeClass++)
        {
            // The blocks in the list were not drawn with this interval. The list stays at the end of
            // sampling, because all blocks pass from then on.
            if (interval != 0)
            {
                PageQueues.ReturnList(thread, sizeClass);
            }

            ThreadHeap.Countdown(thread)[sizeClass] = 0;
        }

        thread->SampleInterval = interval;
        ThreadHeap.SetRefillLimit(thread, thread->RefillLimit);
    }

    /// <summary>
    /// Determines whether the next block is the sampled one, and if so, draws the one after it.
    /// </summary>
    /// <param name="thread">The thread heap, whose list of the class is empty.</param>
    /// <param name="sizeClass">The class.</param>
    /// <param name="size">The size of the blocks of the class.</param>
    internal static bool TryTake(ThreadHeap* thread, int sizeClass, nuint size)
    {
        nuint* countdown = &ThreadHeap.Countdown(thread)[sizeClass];
        if (*countdown == 0)
        {
            *countdown = 1 + SampleDraw.BlocksBefore(thread->Heap, thread->SampleInterval, size);
        }

        if (*countdown != 1)
        {
            return false;
        }

        *countdown = 1 + SampleDraw.BlocksBefore(thread->Heap, thread->SampleInterval, size);
        return true;
    }

    /// <summary>Lets the next block pass, because there is no memory for a sampled one.</summary>
    internal static void Skip(ThreadHeap* thread, int sizeClass)
    {
        nuint* countdown = &ThreadHeap.Countdown(thread)[sizeClass];
        *countdown = *countdown == 1 ? 2 : *countdown;
    }

    /// <summary>
    /// Returns how many of the given number of blocks may enter the list, and counts these: at least one.
    /// </summary>
    internal static nuint Pass(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint* countdown = &ThreadHeap.Countdown(thread)[sizeClass];
        Debug.Assert(*countdown > 1, "a list that begins with the sampled block");
        count = count < *countdown ? count : *countdown - 1;
        *countdown -= count;
        return count;
    }

    /// <summary>Counts blocks that return from the list.</summary>
    internal static void Return(ThreadHeap* thread, int sizeClass, nuint count)
    {
        nuint* countdown = &ThreadHeap.Countdown(thread)[sizeClass];
        *countdown += *countdown == 0 ? 0 : count;
    }
}
