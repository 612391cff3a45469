using System;

namespace Quarry;

/// <content>What throws where <see cref="TryCreate"/> answers false.</content>
public readonly partial struct Fallback<TPrimary, TSecondary>
{
    /// <summary>Serves from both. They stay the caller's, and must outlive this.</summary>
    /// <exception cref="NotSupportedException">Neither allocator knows what it owns.</exception>
    public Fallback(TPrimary primary, TSecondary secondary)
    {
        if (!TryCreate(primary, secondary, out this))
        {
            throw new NotSupportedException(
                $"A fallback has to tell the blocks of {typeof(TPrimary).Name} from those of "
                + $"{typeof(TSecondary).Name}, and neither knows what it owns.");
        }
    }
}
