namespace Quarry.Gc;

/// <summary>
/// Validates the addresses of method tables before they are read, and caches the valid ones.
/// </summary>
internal unsafe struct KnownTypes
{
    private const int Slots = 256;

    // The range of user-space addresses; addresses near 0 are never mapped.
    private const nuint MinAddress = 1 << 16;
    private const ulong MaxAddress = 1ul << 47;

    private fixed ulong _valid[Slots];

    /// <summary>Determines whether an address may be that of a method table.</summary>
    internal bool IsValid(MethodTable* type)
    {
        // Method tables are about 100 bytes apart.
        int slot = (int)(((nuint)type >> 3) % Slots);
        if (_valid[slot] == (ulong)type)
        {
            return true;
        }

        // A word that is not a method table is most likely a reference to an object or to a string literal.
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
