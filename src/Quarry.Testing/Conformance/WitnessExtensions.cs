using System.Collections.Generic;

namespace Quarry.Testing;

/// <summary>What a witness does with lists. It is a struct, so no delegate to its methods will do.</summary>
internal static class WitnessExtensions
{
    internal static bool InspectAll<TAllocator>(this ref Witness<TAllocator> witness, List<Held> held)
        where TAllocator : unmanaged, IAllocator
    {
        bool good = true;
        foreach (Held block in held)
        {
            good = good && witness.Inspect(block);
        }

        return good;
    }

    internal static bool GiveAll<TAllocator>(this ref Witness<TAllocator> witness, List<Held> held)
        where TAllocator : unmanaged, IAllocator
    {
        bool good = true;
        foreach (Held block in held)
        {
            good = good && witness.Give(block);
        }

        return good;
    }
}
