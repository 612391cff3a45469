using System.Diagnostics;

namespace Quarry;

/// <summary>A buffer whose owner was lost without having been disposed; its memory is lost as well.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Stack">Who rented it.</param>
public sealed record NativeMemoryLeak(nuint Bytes, StackTrace Stack)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"A buffer of {Bytes} bytes was not disposed; it was rented\n{Stack}";
}
