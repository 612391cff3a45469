namespace Quarry;

/// <summary>No expression is known, as no stack is walked; see <see cref="UnwindRegisters"/>.</summary>
internal static class PltExpression
{
    internal static bool TryEvaluate(TableReader expression, nuint address, out long offset)
    {
        offset = 0;
        return false;
    }
}
