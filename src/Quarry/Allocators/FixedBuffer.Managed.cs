using System;

namespace Quarry;

/// <content>Making one in .NET.</content>
public readonly unsafe partial struct FixedBuffer
{
    /// <summary>Serves from memory that stays where it is: <c>stackalloc</c>, or native memory.</summary>
    /// <param name="buffer">Stays the caller's; nobody else may write to it. Need not be cleared.</param>
    /// <param name="size">In bytes.</param>
    /// <exception cref="ArgumentNullException">The buffer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It cannot even hold the state.</exception>
    public FixedBuffer(void* buffer, nuint size)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (!TryCreate(buffer, size, out this))
        {
            Throw.OutOfRange(nameof(size), size, $"The state alone takes {OverheadBytes} bytes.");
        }
    }
}
