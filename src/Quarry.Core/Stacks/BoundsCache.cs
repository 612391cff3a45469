namespace Quarry;

/// <summary>Remembers the stacks of threads, in a direct-mapped table that all threads share.</summary>
/// <remarks>
/// As in <see cref="RuleCache"/>, words of two writers do not match. A stack is stored only if it exists as
/// long as its thread: that with which the program was started, and one that contains the thread control
/// block, as those of <c>pthread_create</c> do.
/// </remarks>
internal unsafe struct BoundsCache
{
    internal const nuint Bytes = Length * 24;

    private const int Log2Length = 8, Length = 1 << Log2Length;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The table; zeroed memory of <see cref="Bytes"/>.</summary>
    public Entry* Entries;

    /// <summary>Tries to get the stack of a thread.</summary>
    /// <param name="thread">The address of the thread control block.</param>
    /// <param name="stackPointer">The stack pointer, which must lie in the stack.</param>
    /// <param name="bounds">The stack.</param>
    internal readonly bool TryGet(nuint thread, nuint stackPointer, out StackBounds bounds)
    {
        Entry* entry = &Entries[Index(thread)];
        nuint low = Atomic.Read(ref entry->Low), high = Atomic.Read(ref entry->High);
        bounds = new StackBounds(low, high);
        return bounds.Contains(stackPointer) && Atomic.Read(ref entry->Check) == Check(thread, bounds);
    }

    /// <summary>Stores the stack of a thread.</summary>
    internal readonly void Set(nuint thread, StackBounds bounds)
    {
        Entry* entry = &Entries[Index(thread)];
        Atomic.Write(ref entry->Low, bounds.Low);
        Atomic.Write(ref entry->High, bounds.High);
        Atomic.Write(ref entry->Check, Check(thread, bounds));
    }

    private static int Index(nuint thread) => (int)((thread * GoldenRatio) >> (64 - Log2Length));

    private static nuint Check(nuint thread, StackBounds bounds)
    {
        nuint mixed = (bounds.Low * unchecked((nuint)GoldenRatio)) + bounds.High;
        mixed = (mixed ^ (mixed >> 32)) * unchecked((nuint)GoldenRatio);
        return mixed ^ (mixed >> 32) ^ thread;
    }

    /// <summary>An entry.</summary>
    internal struct Entry
    {
        public nuint Low;
        public nuint High;
        public nuint Check;
    }
}
