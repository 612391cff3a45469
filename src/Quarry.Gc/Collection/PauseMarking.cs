using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks while threads are suspended, and exchanges objects with other threads that do.</summary>
internal readonly struct PauseMarking : IMarking
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySet(nuint offset) => MarkBits.TrySet(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Continues(ref MarkStack stack, uint visits)
    {
        if ((visits & MarkPool.OfferInterval) == 0)
        {
            MarkPool.Offer(ref stack);
        }

        return true;
    }
}
