using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct FixedBuffer : IMortal
{
    /// <summary>
    /// Initializes an allocator over memory that does not move: <c>stackalloc</c> or native memory.
    /// </summary>
    /// <param name="buffer">
    /// The buffer, which the allocator must have to itself. It need not be cleared.
    /// </param>
    /// <param name="size">The size of the buffer, in bytes.</param>
    /// <exception cref="ArgumentNullException">The buffer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is too small for the state.</exception>
    public FixedBuffer(void* buffer, nuint size)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (!TryCreate(buffer, size, out this))
        {
            Throw.OutOfRange(
                nameof(size), size, $"The buffer must have at least {OverheadBytes} bytes for the state.");
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _range == null ? Dead.NotCreated("FixedBuffer") : null;

    private string DebuggerText => _range == null
        ? "not alive"
        : $"{UsedBytes} of {CapacityBytes} bytes used";
}
