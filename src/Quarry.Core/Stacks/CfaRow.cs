namespace Quarry;

/// <summary>
/// A row of unwind information: how to compute the CFA, the frame pointer and the return address.
/// </summary>
/// <remarks>No other register is needed to find return addresses.</remarks>
internal struct CfaRow
{
    /// <summary>The register from which the CFA is computed.</summary>
    public ulong CfaRegister;

    /// <summary>
    /// The offset from the register to the CFA; or to the word that holds it, if <see cref="CfaIsStored"/>.
    /// </summary>
    public long CfaOffset;

    /// <summary>Whether the CFA is the value of a word in memory.</summary>
    public bool CfaIsStored;

    /// <summary>Whether the CFA is computed by an expression of another form.</summary>
    public bool CfaIsUnknown;

    /// <summary>The caller's frame pointer.</summary>
    public SavedRegister FramePointer;

    /// <summary>The return address.</summary>
    public SavedRegister ReturnAddress;

    /// <summary>Returns the rule of a frame with this row.</summary>
    internal readonly UnwindRule ToRule()
    {
        const long BelowCfa = -8;
        if (ReturnAddress.Place == SavedPlace.Undefined)
        {
            return UnwindRule.Of(RuleKind.End);
        }

        bool usual = ReturnAddress.Place == SavedPlace.FromCfa && ReturnAddress.Offset == BelowCfa
            && !CfaIsUnknown && FramePointer.Place != SavedPlace.Unknown;
        bool byFramePointer = CfaRegister == DwarfRegister.FramePointer;
        if (!usual || (!byFramePointer && CfaRegister != DwarfRegister.StackPointer))
        {
            return UnwindRule.Of(RuleKind.Broken);
        }

        // A realigned frame stores both at offsets from its frame pointer, other frames neither.
        bool fromFramePointer = FramePointer.Place == SavedPlace.FromFramePointer;
        if (CfaIsStored || fromFramePointer)
        {
            return CfaIsStored && fromFramePointer && byFramePointer
                ? UnwindRule.Of(RuleKind.Realigned, CfaOffset, FramePointer.Offset)
                : UnwindRule.Of(RuleKind.Broken);
        }

        long saved = FramePointer.Place == SavedPlace.FromCfa ? FramePointer.Offset : 0;
        return UnwindRule.Of(
            byFramePointer ? RuleKind.FramePointer : RuleKind.StackPointer, CfaOffset, saved);
    }
}
