using System;
using System.Runtime;

namespace Quarry.Malloc;

/// <summary>jemalloc's functions that read and write its controls by name.</summary>
/// <remarks>They return 0 or an error number, and leave <c>errno</c> unchanged.</remarks>
internal static unsafe class MallctlFunctions
{
    [RuntimeExport("quarry_mallctl")]
    internal static int ByName(byte* name, void* old, nuint* oldLength, void* value, nuint length)
    {
        // Options and the heap exist from here on, as if the program had allocated.
        _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        return Mallctl<JemallocTree>.ByName(name, old, oldLength, value, length);
    }

    /// <remarks>
    /// A server that asks for the number of this control moves its blocks if it exists, and ends with a
    /// failed assertion unless the size classes are jemalloc's own: valkey. By its name, the control works.
    /// </remarks>
    [RuntimeExport("quarry_mallctlnametomib")]
    internal static int NameToMib(byte* name, nuint* mib, nuint* length) =>
        name != null && CText.Span(name).SequenceEqual("experimental.utilization.batch_query"u8)
            ? MallctlError.NotFound
            : Mallctl<JemallocTree>.NameToMib(name, mib, length);

    [RuntimeExport("quarry_mallctlbymib")]
    internal static int ByMib(
        nuint* mib, nuint depth, void* old, nuint* oldLength, void* value, nuint length)
    {
        _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        return Mallctl<JemallocTree>.ByMib(mib, depth, old, oldLength, value, length);
    }
}
