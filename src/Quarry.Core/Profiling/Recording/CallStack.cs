namespace Quarry;

/// <summary>A captured call stack and its hash.</summary>
internal unsafe struct CallStack
{
    /// <summary>The number of addresses that are kept.</summary>
    internal const int MaxDepth = 128;

    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    internal int Depth;

    internal ProfileStackFlags Flags;

    internal ulong Hash;

    internal fixed ulong Addresses[MaxDepth];

    /// <summary>Computes the hash from the addresses and from the kind of the site.</summary>
    internal static void ComputeHash(CallStack* stack)
    {
        const ProfileStackFlags Kinds = ProfileStackFlags.AdHoc | ProfileStackFlags.Unknown;

        // Two chains of multiplications, which the processor computes side by side.
        ulong even = ((ulong)(stack->Flags & Kinds) + 1) * GoldenRatio, odd = (ulong)stack->Depth;
        int index = 0;
        for (; index + 1 < stack->Depth; index += 2)
        {
            even = Mix(even ^ stack->Addresses[index]);
            odd = Mix(odd ^ stack->Addresses[index + 1]);
        }

        even = index < stack->Depth ? Mix(even ^ stack->Addresses[index]) : even;
        ulong hash = Mix(even ^ (odd << 1 | odd >> 63));

        // 0 marks unused entries of tables.
        stack->Hash = hash | 1;
    }

    private static ulong Mix(ulong value)
    {
        value *= GoldenRatio;
        return value ^ (value >> 29);
    }
}
