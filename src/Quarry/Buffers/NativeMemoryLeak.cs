namespace Quarry;

/// <summary>A buffer whose owner was lost without having been disposed; its memory is lost as well.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Site">The stack that rented it; null in the rare case that it could not be captured.</param>
public sealed record NativeMemoryLeak(nuint Bytes, AllocationSite? Site)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"A buffer of {Bytes} bytes was not disposed; it was rented\n{Site}";
}
