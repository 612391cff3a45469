namespace Quarry;

/// <summary>Records the positions that an arena was rewound to, to detect invalid marks.</summary>
/// <remarks>
/// A mark is invalid if the arena has since been rewound to an earlier position. Of all rewinds, only those
/// matter that no later one went below, so times and positions both ascend. If there are more than fit, the
/// earliest is dropped; a mark from before it can then pass for valid.
/// </remarks>
internal unsafe struct ArenaRewinds
{
    private const int Capacity = 16;

    private fixed ulong _times[Capacity];
    private fixed ulong _positions[Capacity];
    private int _count;

    /// <summary>Forgets all rewinds.</summary>
    internal static void Clear(ArenaRewinds* rewinds) => rewinds->_count = 0;

    /// <summary>Records a rewind, which is later than all others.</summary>
    internal static void Add(ArenaRewinds* rewinds, nuint time, nuint position)
    {
        int count = rewinds->_count;
        while (count > 0 && rewinds->_positions[count - 1] >= position)
        {
            count--;
        }

        if (count == Capacity)
        {
            count--;
            for (int index = 0; index < count; index++)
            {
                rewinds->_times[index] = rewinds->_times[index + 1];
                rewinds->_positions[index] = rewinds->_positions[index + 1];
            }
        }

        rewinds->_times[count] = time;
        rewinds->_positions[count] = position;
        rewinds->_count = count + 1;
    }

    /// <summary>Determines whether the arena was rewound to before a position since a time.</summary>
    internal static bool Passed(ArenaRewinds* rewinds, nuint time, nuint position)
    {
        int index = 0;
        while (index < rewinds->_count && rewinds->_times[index] <= time)
        {
            index++;
        }

        return index < rewinds->_count && rewinds->_positions[index] < position;
    }
}
