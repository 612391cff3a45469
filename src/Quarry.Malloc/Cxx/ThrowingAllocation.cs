using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The slow path of operator new.</summary>
internal unsafe struct ThrowingAllocation : ISlowAllocation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Allocate(nuint size, void* thread) => Operators.AllocateOrThrow(size, thread);
}
