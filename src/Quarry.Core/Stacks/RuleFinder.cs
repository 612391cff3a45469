namespace Quarry;

/// <summary>Computes the rule of a return address.</summary>
internal static unsafe class RuleFinder
{
    /// <summary>Computes the rule of a return address from the unwind information of its module.</summary>
    /// <param name="module">The module that contains the byte before the address.</param>
    /// <param name="address">The return address.</param>
    internal static UnwindRule Find(in LoadedModule module, nuint address)
    {
        if (!module.IsElf)
        {
            return UnwindRule.OfFrame(RuleKind.Frame);
        }

        if (module.TryFindTable(out EhFrameTable table) && table.TryFind(address - 1, out FrameEntry entry))
        {
            return entry.Common.IsSignalFrame ? UnwindRule.Of(RuleKind.Signal)
                : CfaProgram.TryRun(entry, address - 1, out CfaRow row) ? row.ToRule()
                : UnwindRule.Of(RuleKind.Broken);
        }

        TableReader code = new((byte*)address, (byte*)module.CodeEnd);
        return KnownCode.IsSignalReturn(code) ? UnwindRule.Of(RuleKind.Signal)
            : KnownCode.IsContextStart(code) ? UnwindRule.Of(RuleKind.End)
            : UnwindRule.OfFrame(RuleKind.AssumedFrame);
    }
}
