namespace Quarry.Gc;

/// <summary>A .NET object. Its header, of 8 bytes, precedes this address.</summary>
internal unsafe struct ManagedObject
{
    /// <summary>The size of the smallest object: header, method table, one field.</summary>
    internal const nuint MinSize = 24;

    // A collector may use the lowest bits of the word.
    private const ulong TypeMask = ~7ul;

    private nuint _type;
    private uint _length;

    /// <summary>Returns the method table; null if there is no object yet.</summary>
    internal static MethodTable* TypeOf(ManagedObject* instance) =>
        (MethodTable*)((ulong)Atomic.Read(ref instance->_type) & TypeMask);

    /// <summary>Returns the size, in bytes, including the header.</summary>
    internal static nuint SizeOf(ManagedObject* instance, MethodTable* type)
    {
        nuint size = type->BaseSize;
        if (MethodTable.IsArray(type))
        {
            size += (nuint)Atomic.Read(ref instance->_length) * MethodTable.ElementSize(type);
        }

        return Layout.AlignUp(size, 8);
    }
}
