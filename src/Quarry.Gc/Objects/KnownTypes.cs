namespace Quarry.Gc;

/// <summary>Checks method tables before they are read, and remembers those that are valid.</summary>
internal unsafe struct KnownTypes
{
    private const int Slots = 256;

    // Addresses of user space; 0 and what is near it is never mapped.
    private const nuint MinAddress = 1 << 16;
    private const ulong MaxAddress = 1ul << 47;

    private fixed ulong _valid[Slots];

    /// <summary>Determines whether an address may be that of a method table.</summary>
    internal bool IsValid(MethodTable* type)
    {
        // Method tables are some 100 bytes apart.
        int slot = (int)(((nuint)type >> 3) % Slots);
        if (_valid[slot] == (ulong)type)
        {
            return true;
        }

        // The most likely word that is no method table is a reference, to an object or to a string literal.
        bool isValid = (nuint)type >= MinAddress && (ulong)type < MaxAddress
            && !ManagedHeap.Contains(type)
            && !FrozenSegments.Contain(type)
            && IsMapped((nuint)type)
            && IsMapped((nuint)type + MethodTable.KnownSize - 1);
        if (isValid)
        {
            _valid[slot] = (ulong)type;
        }

        return isValid;
    }

    private static bool IsMapped(nuint address) => Os.IsMapped((void*)Layout.AlignDown(address, Os.PageSize));
}
