namespace Quarry.Gc;

/// <summary>
/// Free memory that was taken for objects; its contents are undefined except for the zeros.
/// </summary>
internal unsafe struct Hole
{
    /// <summary>The address of the first object, whose header is the 8 bytes before.</summary>
    public byte* Place;

    public nuint Size;

    /// <summary>The part that is known to be zero.</summary>
    public MemoryRange Zeros;

    /// <summary>Clears the memory of all objects in the hole.</summary>
    internal static void Clear(Hole* hole)
    {
        byte* start = hole->Place - sizeof(nuint);
        byte* end = start + hole->Size;
        byte* zeros = hole->Zeros.Start;
        if (zeros == null)
        {
            Memory.Clear(start, hole->Size);
            return;
        }

        // The zeros may begin before the hole and end after it. The hole's own description is not zero.
        byte* description = start + sizeof(nuint) + sizeof(FreeObject);
        zeros = zeros < description ? description : zeros;
        zeros = zeros > end ? end : zeros;
        Memory.Clear(start, (nuint)(zeros - start));
        byte* rest = hole->Zeros.End < zeros ? zeros : hole->Zeros.End;
        if (rest < end)
        {
            Memory.Clear(rest, (nuint)(end - rest));
        }
    }
}
