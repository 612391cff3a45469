namespace Quarry.Testing;

/// <summary>The first few addresses that it is shown.</summary>
internal unsafe struct AddressSet
{
    private const int Capacity = 64;

    private fixed ulong _addresses[Capacity];
    private int _count;

    /// <summary>Whether the address was among them; if there is room, it is from now on.</summary>
    internal bool ContainsOrAdds(nuint address)
    {
        for (int index = 0; index < _count; index++)
        {
            if (_addresses[index] == address)
            {
                return true;
            }
        }

        if (_count < Capacity)
        {
            _addresses[_count++] = address;
        }

        return false;
    }
}
