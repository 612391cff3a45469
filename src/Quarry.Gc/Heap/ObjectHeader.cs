namespace Quarry.Gc;

/// <summary>How a .NET object describes its own size, by its method table.</summary>
internal static unsafe class ObjectHeader
{
    /// <summary>The smallest object, in bytes: header, method table, one field.</summary>
    internal const nuint MinSize = 24;

    // Bits of the method table word that a collector may use are not part of the address.
    private const ulong MethodTableMask = ~7ul;
    private const uint HasComponents = 0x80000000, ComponentSizeMask = 0xffff;

    /// <summary>The method table of the object at a place; null if there is no object yet.</summary>
    internal static uint* MethodTableOf(byte* place) => (uint*)(*(ulong*)place & MethodTableMask);

    /// <summary>Bytes that the object takes, its header included.</summary>
    internal static nuint SizeOf(byte* place, uint* methodTable)
    {
        uint flags = methodTable[0];
        nuint size = methodTable[1];
        if ((flags & HasComponents) != 0)
        {
            // An array or a string: the number of its elements follows the method table.
            size += (nuint)(*(uint*)(place + sizeof(void*))) * (flags & ComponentSizeMask);
        }

        return Layout.AlignUp(size, 8);
    }
}
