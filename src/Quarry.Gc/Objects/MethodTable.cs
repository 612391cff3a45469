namespace Quarry.Gc;

/// <summary>
/// The type of an object, as far as the interface fixes its layout: the start of <c>MethodTable</c>.
/// </summary>
internal unsafe struct MethodTable
{
    /// <summary>The size of the fields below.</summary>
    internal const nuint KnownSize = 8;

    private const uint HasComponentSize = 0x80000000, ComponentSizeMask = 0xffff;
    private const uint Collectible = 0x00200000, HasReferences = 0x01000000;

    // Of types without a length only: it is one of the bits of the element size.
    private const uint CriticalFinalizer = 0x00000002;

    /// <summary>The flags; for arrays and strings, the lower half is the size of an element.</summary>
    public uint Flags;

    /// <summary>
    /// The size of an object, in bytes, including the header; without the elements of an array.
    /// </summary>
    public uint BaseSize;

    /// <summary>Determines whether the objects have a length, as arrays and strings do.</summary>
    internal static bool IsArray(MethodTable* type) => (type->Flags & HasComponentSize) != 0;

    internal static uint ElementSize(MethodTable* type) => type->Flags & ComponentSizeMask;

    /// <summary>Determines whether the type can be unloaded.</summary>
    internal static bool IsCollectible(MethodTable* type) => (type->Flags & Collectible) != 0;

    /// <summary>Determines whether the objects have fields or elements that are references.</summary>
    internal static bool ContainsReferences(MethodTable* type) => (type->Flags & HasReferences) != 0;

    /// <summary>Determines whether the finalizer of the objects runs after those of other types.</summary>
    internal static bool HasCriticalFinalizer(MethodTable* type) =>
        !IsArray(type) && (type->Flags & CriticalFinalizer) != 0;
}
