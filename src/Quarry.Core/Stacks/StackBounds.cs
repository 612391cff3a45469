namespace Quarry;

/// <summary>The readable memory of a stack.</summary>
/// <param name="low">The lowest address at which the stack pointer may be.</param>
/// <param name="high">The address behind the memory.</param>
internal readonly struct StackBounds(nuint low, nuint high)
{
    internal nuint Low => low;

    internal nuint High => high;

    /// <summary>Determines whether a stack pointer lies in the stack.</summary>
    internal bool Contains(nuint stackPointer) => stackPointer >= low && stackPointer < high;
}
