using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Visits the references of an object, which the words before its method table describe.</summary>
/// <remarks>
/// The word before the method table (<c>CGCDesc</c>) is the number of series. A series is a sequence of
/// references, described by its offset, and by its length minus the size of the object, so that one series
/// describes arrays of all lengths. For an array of structures, the number is negative: one offset is
/// followed by a pattern of references and bytes to skip, which repeats up to the end of the array.
/// </remarks>
internal static unsafe class ObjectReferences
{
    /// <summary>Visits all references of an object whose type has some.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Visit<TVisitor>(
        ManagedObject* instance, MethodTable* type, nuint size, ref TVisitor visitor)
        where TVisitor : struct, IReferenceVisitor
    {
        nint* description = (nint*)type - 1;
        nint count = *description;
        if (count < 0)
        {
            byte* elements = (byte*)instance + description[-1];
            byte* end = (byte*)instance + size - sizeof(void*);
            VisitElements(elements, end, description, -count, ref visitor);
            return;
        }

        // The series precede the number, the last one first.
        for (nint* series = description - 2; count > 0; count--, series -= 2)
        {
            ManagedObject** first = (ManagedObject**)((byte*)instance + series[1]);
            if (!VisitRun(first, (nuint)series[0] + size, ref visitor))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Visits the references between two addresses, and possibly others of the structures there.
    /// </summary>
    internal static void VisitBetween<TVisitor>(
        ManagedObject* instance, MethodTable* type, nuint size, byte* from, byte* to, ref TVisitor visitor)
        where TVisitor : struct, IReferenceVisitor
    {
        nint* description = (nint*)type - 1;
        nint count = *description;
        if (count < 0)
        {
            byte* first = (byte*)instance + description[-1];
            byte* end = (byte*)instance + size - sizeof(void*);
            if (first < from)
            {
                nuint element = ElementSize(description, -count);
                first += (nuint)(from - first) / element * element;
            }

            VisitElements(first, end < to ? end : to, description, -count, ref visitor);
            return;
        }

        for (nint* series = description - 2; count > 0; count--, series -= 2)
        {
            byte* start = (byte*)instance + series[1];
            byte* end = start + series[0] + size;
            start = start < from ? from : start;
            end = end > to ? to : end;
            if (start < end && !VisitRun((ManagedObject**)start, (nuint)(end - start), ref visitor))
            {
                return;
            }
        }
    }

    private static void VisitElements<TVisitor>(
        byte* field, byte* end, nint* description, nint patterns, ref TVisitor visitor)
        where TVisitor : struct, IReferenceVisitor
    {
        while (field < end)
        {
            for (nint index = 0; index < patterns; index++)
            {
                // The number of references, and of the bytes after them.
                uint* pattern = (uint*)(description - 2 - index);
                nuint bytes = pattern[0] * (nuint)sizeof(void*);
                if (!VisitRun((ManagedObject**)field, bytes, ref visitor))
                {
                    return;
                }

                field += bytes + pattern[1];
            }
        }
    }

    private static nuint ElementSize(nint* description, nint patterns)
    {
        nuint size = 0;
        for (nint index = 0; index < patterns; index++)
        {
            uint* pattern = (uint*)(description - 2 - index);
            size += (pattern[0] * (nuint)sizeof(void*)) + pattern[1];
        }

        return size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool VisitRun<TVisitor>(ManagedObject** field, nuint bytes, ref TVisitor visitor)
        where TVisitor : struct, IReferenceVisitor
    {
        for (ManagedObject** end = field + (bytes / (nuint)sizeof(void*)); field < end; field++)
        {
            if (!visitor.Visit(field))
            {
                return false;
            }
        }

        return true;
    }
}
