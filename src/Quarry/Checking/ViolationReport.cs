using System;
using System.Globalization;
using System.Text;

namespace Quarry;

/// <summary>A violation for people: what was done wrong, with the stacks that have to do with it.</summary>
public sealed unsafe class ViolationReport
{
    internal ViolationReport(in CheckedViolation violation)
    {
        Kind = violation.Kind;
        Address = (nuint)violation.Address;
        Layout = violation.Layout;
        SpecifiedLayout = violation.SpecifiedLayout;
        Offset = violation.Offset;
        AllocatedAt = AllocationSite.Of(violation.AllocatedAt);
        FreedAt = AllocationSite.Of(violation.FreedAt);
        DetectedAt = AllocationSite.Of(violation.DetectedAt);
    }

    /// <summary>What was done.</summary>
    public ViolationKind Kind { get; }

    /// <summary>The block; for an address that is in no block, that address.</summary>
    public nuint Address { get; }

    /// <summary>The size and alignment the block was taken with.</summary>
    public Layout Layout { get; }

    /// <summary>The size and alignment that the caller named.</summary>
    public Layout SpecifiedLayout { get; }

    /// <summary>
    /// The place, in bytes from the start of the block: of the first byte that was overwritten, negative in
    /// front of the block; or of the address that was given back.
    /// </summary>
    public nint Offset { get; }

    /// <summary>The stack that took the block; null if stacks are not kept.</summary>
    public AllocationSite? AllocatedAt { get; }

    /// <summary>The stack that gave it back first; null if none did or stacks are not kept.</summary>
    public AllocationSite? FreedAt { get; }

    /// <summary>The stack that met the violation; null if stacks are not kept.</summary>
    public AllocationSite? DetectedAt { get; }

    /// <summary>What happened in one sentence, without stacks.</summary>
    public string Summary => Kind switch
    {
        ViolationKind.LayoutMismatch =>
            Text($"LayoutMismatch: {Block}, is named as one of {SpecifiedLayout}."),
        ViolationKind.DoubleFree =>
            Text($"DoubleFree: {Block}, was given back before."),
        ViolationKind.ForeignPointer =>
            Text($"ForeignPointer: the address 0x{Address:x} is in no block of this allocator."),
        ViolationKind.InteriorPointer =>
            Text($"InteriorPointer: the address is {Offset} bytes from the start of {Block}."),
        ViolationKind.Underrun =>
            Text($"Underrun: something wrote {-Offset} bytes in front of {Block}."),
        ViolationKind.Overrun =>
            Text($"Overrun: something wrote at offset {Offset} of {Block}."),
        ViolationKind.WriteAfterFree =>
            Text($"WriteAfterFree: something wrote at offset {Offset} of {Block}, after it was given back."),
        ViolationKind.DuplicateAllocation =>
            Text($"DuplicateAllocation: {Block}, was served again, as one of {SpecifiedLayout}, in between."),
        _ => Kind.ToString(),
    };

    private string Block => Text($"the block of {Layout}, at 0x{Address:x}");

    /// <summary>The summary and the stacks.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Summary);
        Append(text, "found by", DetectedAt);
        Append(text, "given back by", FreedAt);
        Append(text, "taken by", AllocatedAt);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string what, AllocationSite? site)
    {
        if (site != null)
        {
            text.AppendLine().Append("  ").Append(what);
            foreach (AllocationFrame frame in site.Frames)
            {
                text.AppendLine().Append("    ").Append(frame);
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
