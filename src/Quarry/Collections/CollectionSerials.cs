using System;

namespace Quarry;

/// <summary>Numbers for collections, each given once in the life of the process, and never 0.</summary>
internal static class CollectionSerials
{
    // A thread takes so many at once; then making a collection needs no atomic operation.
    private const nuint AtOnce = 1 << 16;

    private static nuint s_taken;

    [ThreadStatic]
    private static nuint t_next;

    internal static nuint Next()
    {
        nuint serial = t_next;
        if (serial % AtOnce == 0)
        {
            serial = Atomic.Add(ref s_taken, AtOnce);
        }

        t_next = serial + 1;
        return serial;
    }
}
