namespace Quarry.Gc;

/// <summary>Visits the references of an object, which the words before its method table describe.</summary>
/// <remarks>
/// The word before the method table (<c>CGCDesc</c>) is the number of series. A series is a sequence of
/// references, described by its offset, and by its length minus the size of the object, so that one series
/// describes arrays of all lengths. For an array of structures, the number is negative: one offset is
/// followed by a pattern of references and bytes to skip, which repeats up to the end of the array.
/// </remarks>
internal unsafe struct ObjectReferences
{
    private readonly void* _function;
    private readonly nint _context;
    private readonly bool _passesField;

    /// <summary>
    /// Initializes a visitor that calls a function of the runtime, until the function returns false.
    /// </summary>
    /// <param name="function">
    /// The function, which takes the object, then the field if requested, then the context.
    /// </param>
    /// <param name="context">The last argument of the function.</param>
    /// <param name="passesField">Whether the function takes the address of the field.</param>
    internal ObjectReferences(void* function, nint context, bool passesField)
    {
        _function = function;
        _context = context;
        _passesField = passesField;
    }

    internal readonly void Visit(ManagedObject* instance)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);

        // An object of a type that can be unloaded refers to the object that keeps the type loaded.
        ManagedObject* loader =
            MethodTable.IsCollectible(type) ? Runtime.LoaderAllocatorOf(instance) : null;
        if ((loader != null && !Call(&loader)) || !MethodTable.ContainsReferences(type))
        {
            return;
        }

        nuint size = ManagedObject.SizeOf(instance, type);
        nint* description = (nint*)type - 1;
        nint count = *description;
        if (count < 0)
        {
            _ = VisitElements((byte*)instance, size, description, -count);
            return;
        }

        // The series precede the number, the last one first.
        for (nint* series = description - 2; count > 0; count--, series -= 2)
        {
            if (!VisitRun((ManagedObject**)((byte*)instance + series[1]), (nuint)series[0] + size))
            {
                return;
            }
        }
    }

    private readonly bool VisitElements(byte* instance, nuint size, nint* description, nint patterns)
    {
        byte* field = instance + description[-1];
        byte* end = instance + size - sizeof(void*);
        while (field < end)
        {
            for (nint index = 0; index < patterns; index++)
            {
                // The number of references, and of the bytes after them.
                uint* pattern = (uint*)(description - 2 - index);
                nuint bytes = pattern[0] * (nuint)sizeof(void*);
                if (!VisitRun((ManagedObject**)field, bytes))
                {
                    return false;
                }

                field += bytes + pattern[1];
            }
        }

        return true;
    }

    private readonly bool VisitRun(ManagedObject** field, nuint bytes)
    {
        for (ManagedObject** end = field + (bytes / (nuint)sizeof(void*)); field < end; field++)
        {
            if (*field != null && !Call(field))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Call(ManagedObject** field) => (byte)(_passesField
        ? NativeCall.Invoke(_function, (nint)(*field), (nint)field, _context)
        : NativeCall.Invoke(_function, (nint)(*field), _context)) != 0;
}
