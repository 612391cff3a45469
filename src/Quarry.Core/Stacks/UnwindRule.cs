namespace Quarry;

/// <summary>The rule by which the caller of a frame is found, in 48 bits.</summary>
/// <remarks>
/// The return address is always the word below the CFA. Both offsets are multiples of 8, as the stack pointer
/// is at every call, and are stored divided by it.
/// </remarks>
internal readonly struct UnwindRule
{
    private const int Unit = 8;
    private const int KindBits = 3, CfaBits = 24, SavedBits = 21;
    private const int Spare = 64 - KindBits - CfaBits - SavedBits;

    private UnwindRule(ulong bits) => Bits = bits;

    /// <summary>Gets the rule as a number below 2^48.</summary>
    internal ulong Bits { get; }

    internal RuleKind Kind => (RuleKind)(Bits & ((1 << KindBits) - 1));

    /// <summary>
    /// Gets the offset from the register that <see cref="Kind"/> names to the CFA, or to the word that holds
    /// it.
    /// </summary>
    internal nint CfaOffset => (nint)((long)(Bits << (Spare + SavedBits)) >> (64 - CfaBits)) * Unit;

    /// <summary>
    /// Gets the offset from the CFA to the caller's frame pointer, 0 if the register still holds it; for
    /// <see cref="RuleKind.Realigned"/>, the offset from the frame pointer to the caller's.
    /// </summary>
    internal nint SavedOffset => (nint)((long)(Bits << Spare) >> (64 - SavedBits)) * Unit;

    /// <summary>Restores a rule from <see cref="Bits"/>.</summary>
    internal static UnwindRule FromBits(ulong bits) => new(bits);

    /// <summary>Creates a rule without offsets.</summary>
    internal static UnwindRule Of(RuleKind kind) => new((ulong)kind);

    /// <summary>Creates the rule of a frame that begins with the saved frame pointer.</summary>
    internal static UnwindRule OfFrame(RuleKind kind) => Of(kind, 2 * Unit, -2 * Unit);

    /// <summary>Creates a rule; <see cref="RuleKind.Broken"/> if it has no room for an offset.</summary>
    internal static UnwindRule Of(RuleKind kind, long cfaOffset, long savedOffset) =>
        Fits(cfaOffset, CfaBits) && Fits(savedOffset, SavedBits)
            ? new((ulong)kind | (Field(cfaOffset, CfaBits) << KindBits)
                | (Field(savedOffset, SavedBits) << (KindBits + CfaBits)))
            : Of(RuleKind.Broken);

    private static bool Fits(long offset, int bits)
    {
        long limit = (long)Unit << (bits - 1);
        return offset % Unit == 0 && offset >= -limit && offset < limit;
    }

    private static ulong Field(long offset, int bits) => (ulong)(offset / Unit) & ((1UL << bits) - 1);
}
