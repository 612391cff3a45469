using System;

namespace Quarry;

/// <summary>What each thread keeps, on the JIT.</summary>
internal static unsafe class ThreadWord
{
    [ThreadStatic]
    private static ThreadHeap* t_processHeap;

    /// <summary>The thread's part of the process heap; null if it has none.</summary>
    internal static ThreadHeap* ProcessHeap
    {
        get => t_processHeap;
        set => t_processHeap = value;
    }
}
