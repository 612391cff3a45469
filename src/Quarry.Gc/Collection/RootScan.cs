namespace Quarry.Gc;

/// <summary>
/// Marks from the roots that a scan of stacks or handles finds, and measures the scan without the marking.
/// </summary>
/// <remarks>
/// Roots are pushed first, and marked from when there are enough of them: the clock is read once for many
/// roots, and the stack of objects stays small.
/// </remarks>
internal static unsafe class RootScan
{
    private const nuint Enough = 1024;

    private static nuint s_pushed;

    // Later than the scan began, by the time spent marking.
    private static ulong s_start;

    /// <summary>Begins a scan.</summary>
    internal static void Begin()
    {
        s_pushed = 0;
        s_start = Os.Nanoseconds();
    }

    /// <summary>Adds an object that the scan has found.</summary>
    internal static void Add(ManagedObject* root)
    {
        Marker.Push(root);
        ConcurrentMark.AddRoot(root);
        if (++s_pushed == Enough)
        {
            s_pushed = 0;
            ulong start = Os.Nanoseconds();
            Marker.Drain();
            s_start += Os.Nanoseconds() - start;
        }
    }

    /// <summary>Ends a scan, and marks what can be reached from the last roots.</summary>
    /// <returns>The time that the scan took, in nanoseconds.</returns>
    internal static ulong End()
    {
        ulong time = Os.Nanoseconds() - s_start;
        Marker.Drain();
        return time;
    }
}
