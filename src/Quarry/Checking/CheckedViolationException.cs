using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry;

/// <summary>A checked allocator found that memory was used wrongly; the message tells all of it.</summary>
public sealed class CheckedViolationException : Exception
{
    /// <summary>An exception that tells nothing.</summary>
    public CheckedViolationException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public CheckedViolationException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    public CheckedViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal CheckedViolationException(IReadOnlyList<ViolationReport> violations, LeakReport leaks)
        : base(Describe(violations, leaks))
    {
        Violations = violations;
        Leaks = leaks;
    }

    /// <summary>What was found, in the order in which it was found; without leaks.</summary>
    public IReadOnlyList<ViolationReport> Violations { get; } = [];

    /// <summary>The blocks that were not given back, if the allocator ended.</summary>
    public LeakReport Leaks { get; } = LeakReport.Empty;

    private static string Describe(IReadOnlyList<ViolationReport> violations, LeakReport leaks)
    {
        IEnumerable<string> texts = violations.Select(violation => violation.ToString());
        return string.Join(
            Environment.NewLine, leaks.Blocks == 0 ? texts : texts.Append(leaks.ToString()));
    }
}
