namespace Quarry.Gc;

/// <summary>
/// Passes the references of an object to a function of the runtime, until it returns false.
/// </summary>
internal unsafe struct ReferenceReport : IReferenceVisitor
{
    private readonly void* _function;
    private readonly nint _context;
    private readonly bool _passesField;

    /// <summary>Initializes a report.</summary>
    /// <param name="function">
    /// The function, which takes the object, then the field if requested, then the context.
    /// </param>
    /// <param name="context">The last argument of the function.</param>
    /// <param name="passesField">Whether the function takes the address of the field.</param>
    internal ReferenceReport(void* function, nint context, bool passesField)
    {
        _function = function;
        _context = context;
        _passesField = passesField;
    }

    /// <summary>Reports the references of an object.</summary>
    internal void Report(ManagedObject* instance)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);

        // An object of a type that can be unloaded refers to the object that keeps the type loaded.
        ManagedObject* loader =
            MethodTable.IsCollectible(type) ? Runtime.LoaderAllocatorOf(instance) : null;
        if ((loader == null || Visit(&loader)) && MethodTable.ContainsReferences(type))
        {
            ObjectReferences.Visit(instance, type, ManagedObject.SizeOf(instance, type), ref this);
        }
    }

    /// <inheritdoc/>
    public readonly bool Visit(ManagedObject** field) => *field == null || (byte)(_passesField
        ? NativeCall.Invoke(_function, (nint)(*field), (nint)field, _context)
        : NativeCall.Invoke(_function, (nint)(*field), _context)) != 0;
}
