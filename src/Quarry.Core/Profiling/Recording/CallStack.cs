namespace Quarry;

/// <summary>A captured call stack and its hash.</summary>
/// <remarks>
/// The addresses may still be in the <see cref="LastStack"/> of the thread, because most stacks are those of
/// a known site, for which the hash is enough.
/// </remarks>
internal unsafe struct CallStack
{
    /// <summary>The number of addresses that are kept.</summary>
    internal const int MaxDepth = 128;

    /// <summary>The stack that contains the addresses, which the thread has entered; may be null.</summary>
    internal LastStack* Last;

    internal int Depth;

    internal ProfileStackFlags Flags;

    internal ulong Hash;

    internal fixed ulong Addresses[MaxDepth];

    /// <summary>Computes the hash from the addresses, and from the kind of the site.</summary>
    internal static void ComputeHash(CallStack* stack)
    {
        ulong hash = 0;
        for (int index = stack->Depth - 1; index >= 0; index--)
        {
            hash = LastStack.Combine(hash, (nuint)stack->Addresses[index]);
        }

        SetHash(stack, hash);
    }

    /// <summary>Uses the addresses in the last stack of a thread.</summary>
    internal static void Use(CallStack* stack, LastStack* last)
    {
        stack->Last = last;
        stack->Depth = LastStack.Depth(last);
        SetHash(stack, LastStack.Hash(last));
    }

    /// <summary>Copies the addresses from the last stack of the thread.</summary>
    internal static void Complete(CallStack* stack)
    {
        if (stack->Last != null)
        {
            LastStack.CopyAddresses(stack->Last, (nuint*)stack->Addresses);
        }
    }

    /// <summary>Leaves the last stack of the thread. The addresses are not valid afterwards.</summary>
    internal static void Leave(CallStack* stack)
    {
        if (stack->Last != null)
        {
            stack->Last->Leave();
            stack->Last = null;
        }
    }

    private static void SetHash(CallStack* stack, ulong hash)
    {
        const ProfileStackFlags Kinds = ProfileStackFlags.AdHoc | ProfileStackFlags.Unknown;
        nuint kind = (nuint)(stack->Flags & Kinds) + 1;

        // 0 marks unused entries of tables.
        stack->Hash = LastStack.Combine(hash, (kind << 32) | (nuint)stack->Depth) | 1;
    }
}
