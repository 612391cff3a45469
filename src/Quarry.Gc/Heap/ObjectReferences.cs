namespace Quarry.Gc;

/// <summary>Visits what an object refers to, as the words before its method table describe it.</summary>
/// <remarks>
/// The word before the method table is a number of series. Of a class, each is a run of references: where it
/// begins, and how long it is, less the size of the object, so that one describes all arrays. The number is
/// negative for an array of structures: then there is one beginning, and a pattern of so many references and
/// so many bytes to skip that repeats to the end.
/// </remarks>
internal unsafe struct ObjectReferences
{
    // Of a method table's flags.
    private const uint Collectible = 0x00200000, ContainsReferences = 0x01000000;

    private readonly void* _function;
    private readonly nint _context;
    private readonly bool _tellsField;

    /// <summary>Visits by a function of the runtime, which answers whether it wants more.</summary>
    /// <param name="function">Takes the object, the field if asked for, and the context.</param>
    /// <param name="context">Whatever the function wants.</param>
    /// <param name="tellsField">Whether the function takes the address of the field.</param>
    internal ObjectReferences(void* function, nint context, bool tellsField)
    {
        _function = function;
        _context = context;
        _tellsField = tellsField;
    }

    internal readonly void Visit(byte* place)
    {
        uint* methodTable = ObjectHeader.MethodTableOf(place);
        uint flags = *methodTable;
        byte* loader = (flags & Collectible) != 0 ? Runtime.LoaderAllocatorOf(place) : null;
        if ((loader != null && !Tell(&loader)) || (flags & ContainsReferences) == 0)
        {
            return;
        }

        nuint size = ObjectHeader.SizeOf(place, methodTable);
        nint* description = (nint*)methodTable - 1;
        nint count = *description;
        if (count < 0)
        {
            _ = VisitElements(place, size, description, -count);
            return;
        }

        // From the last series down, each a length and an offset.
        for (nint* series = description - 2; count > 0; count--, series -= 2)
        {
            if (!VisitRun((byte**)(place + series[1]), (nuint)series[0] + size))
            {
                return;
            }
        }
    }

    private readonly bool VisitElements(byte* place, nuint size, nint* description, nint patterns)
    {
        byte* field = place + description[-1];
        byte* end = place + size - sizeof(void*);
        while (field < end)
        {
            for (nint index = 0; index < patterns; index++)
            {
                // A number of references, and of bytes behind them.
                uint* pattern = (uint*)(description - 2 - index);
                nuint bytes = pattern[0] * (nuint)sizeof(void*);
                if (!VisitRun((byte**)field, bytes))
                {
                    return false;
                }

                field += bytes + pattern[1];
            }
        }

        return true;
    }

    private readonly bool VisitRun(byte** field, nuint bytes)
    {
        for (byte** end = field + (bytes / (nuint)sizeof(void*)); field < end; field++)
        {
            if (*field != null && !Tell(field))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Tell(byte** field) => (byte)(_tellsField
        ? Runtime.Call3(_function, (nint)(*field), (nint)field, _context)
        : Runtime.Call2(_function, (nint)(*field), _context)) != 0;
}
