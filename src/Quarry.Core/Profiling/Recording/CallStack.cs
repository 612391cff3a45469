namespace Quarry;

/// <summary>A captured call stack and its hash.</summary>
internal unsafe struct CallStack
{
    /// <summary>The number of addresses that are kept.</summary>
    internal const int MaxDepth = 128;

    internal int Depth;

    internal ProfileStackFlags Flags;

    internal ulong Hash;

    internal fixed ulong Addresses[MaxDepth];

    /// <summary>Computes the hash from the addresses and from the kind of the site.</summary>
    internal static void ComputeHash(CallStack* stack)
    {
        const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
        const ProfileStackFlags Kinds = ProfileStackFlags.AdHoc | ProfileStackFlags.Unknown;
        ulong hash = ((ulong)(stack->Flags & Kinds) + 1) * GoldenRatio;
        for (int index = 0; index < stack->Depth; index++)
        {
            hash = (hash ^ stack->Addresses[index]) * GoldenRatio;
            hash ^= hash >> 29;
        }

        // 0 marks unused entries of tables.
        stack->Hash = hash | 1;
    }
}
