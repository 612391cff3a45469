using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks old objects while threads run, until a collection needs the result.</summary>
internal readonly struct ConcurrentMarking : IMarking
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySet(nuint offset) => NextMarks.TrySet(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Continues(ref MarkStack stack, uint visits) => !ConcurrentMark.MustStop;
}
