using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation in .NET.</content>
[DebuggerDisplay("{Primary}, then {Secondary}")]
public readonly partial struct Fallback<TPrimary, TSecondary> : IMortal
{
    /// <summary>Initializes an allocator over two others.</summary>
    /// <param name="primary">
    /// The primary allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="secondary">
    /// The secondary allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="NotSupportedException">
    /// Neither allocator has <see cref="AllocatorTraits.KnowsOwnership"/>.
    /// </exception>
    public Fallback(TPrimary primary, TSecondary secondary)
    {
        if (!TryCreate(primary, secondary, out this))
        {
            throw new NotSupportedException(
                $"Blocks of {typeof(TPrimary).Name} and {typeof(TSecondary).Name} cannot be distinguished: "
                + "at least one of them must have the trait KnowsOwnership.");
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_primary) ?? Dead.Of(_secondary);
}
