using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct StackFront<TInner> : IMortal
{
    /// <summary>Initializes an allocator with a buffer in front of another one.</summary>
    /// <param name="inner">
    /// The allocator behind the buffer. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="buffer">
    /// The buffer, from <c>stackalloc</c> for example. The allocator must have it to itself.
    /// </param>
    /// <param name="size">
    /// The size of the buffer, in bytes; <see cref="FixedBuffer.OverheadBytes"/> of them hold the state.
    /// </param>
    /// <exception cref="ArgumentNullException">The buffer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is too small for the state.</exception>
    public StackFront(TInner inner, void* buffer, nuint size) =>
        _parts = new Fallback<FixedBuffer, TInner>(new FixedBuffer(buffer, size), inner);

    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_parts);
}
