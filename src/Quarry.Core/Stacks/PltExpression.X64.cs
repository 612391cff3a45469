using System;

namespace Quarry;

/// <summary>The expression by which linkers describe the stubs of the procedure linkage table.</summary>
/// <remarks>
/// A signal can interrupt a stub. All have one entry: in each stub, of 16 bytes, the CFA is rsp + 8 before
/// the push and rsp + 16 behind it.
/// </remarks>
internal static unsafe class PltExpression
{
    private const int FirstLiteral = 0x30, StubMask = 15, BehindPushOffset = 6;

    // rsp + 8 + (((rip & 15) >= N) << 3); N is the literal at BehindPushOffset.
    private static ReadOnlySpan<byte> Form => [0x77, 8, 0x80, 0, 0x3f, 0x1a, 0, 0x2a, 0x33, 0x24, 0x22];

    /// <summary>Tries to evaluate the expression.</summary>
    /// <param name="expression">The bytes of an expression.</param>
    /// <param name="address">The address of the instruction that is executing.</param>
    /// <param name="offset">The offset from the stack pointer to the CFA.</param>
    /// <returns>False if the expression has another form.</returns>
    internal static bool TryEvaluate(TableReader expression, nuint address, out long offset)
    {
        ReadOnlySpan<byte> form = Form;
        bool same = expression.End - expression.At == form.Length;
        nuint behindPush = 0;
        for (int index = 0; same && index < form.Length; index++)
        {
            byte value = expression.ReadByte();
            behindPush = index == BehindPushOffset ? (nuint)value - FirstLiteral : behindPush;
            same = value == form[index] || (index == BehindPushOffset && behindPush <= StubMask);
        }

        offset = (address & StubMask) >= behindPush ? 16 : 8;
        return same;
    }
}
