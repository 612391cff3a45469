using System.Runtime;
using System.Runtime.InteropServices;

namespace Quarry.Freestanding.Tests;

/// <summary>A type that csc accepts and ilc cannot load: a reference and a number in one place.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct Overlap
{
    [FieldOffset(0)]
    public object Reference;

    [FieldOffset(0)]
    public long Number;
}

internal static class Uncompilable
{
    [RuntimeExport("overlaps")]
    public static long Overlaps(long number)
    {
        Overlap overlap = default;
        overlap.Number = number;
        return overlap.Number;
    }
}
