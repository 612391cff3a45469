namespace Quarry.Gc;

/// <summary>
/// An object of the runtime's type for free memory: an array of bytes without a use. It fills the gaps
/// between objects, so that the heap remains a sequence of objects.
/// </summary>
/// <remarks>Holes that are kept for reuse are linked by the two words after the length.</remarks>
internal unsafe struct FreeObject
{
    /// <summary>The size of a free object without elements.</summary>
    internal const nuint MinSize = 24;

    /// <summary>
    /// The size of the largest free object: the length has 32 bits. A multiple of the size of a granule.
    /// </summary>
    internal const nuint MaxSize = 0xffff_0000;

    private static nuint s_type;

    private nuint _type;
    private nuint _length;

    /// <summary>The next hole of the list that this one is in.</summary>
    public FreeObject* Next;

    /// <summary>The previous one.</summary>
    public FreeObject* Previous;

    /// <summary>Gets the type from the runtime.</summary>
    internal static void Initialize() => s_type = (nuint)Runtime.FreeObjectType();

    internal static bool IsType(MethodTable* type) => (nuint)type == s_type;

    internal static nuint SizeOf(FreeObject* hole) => hole->_length + MinSize;

    /// <summary>Writes a free object of at most <see cref="MaxSize"/>, with its header.</summary>
    internal static FreeObject* Write(byte* place, nuint size)
    {
        FreeObject* free = (FreeObject*)place;
        *((nuint*)place - 1) = 0;
        free->_type = s_type;
        free->_length = size - MinSize;
        return free;
    }

    /// <summary>Fills a gap of any size from the smallest object on.</summary>
    internal static void Fill(byte* place, nuint size)
    {
        // Each piece leaves enough for the next one.
        for (; size > MaxSize; size -= MaxSize - Granules.Size, place += MaxSize - Granules.Size)
        {
            _ = Write(place, MaxSize - Granules.Size);
        }

        _ = Write(place, size);
    }
}
