using System;
using System.Buffers;

namespace Quarry;

/// <summary>A segment of a sequence that shows a collection.</summary>
internal sealed class CollectionSegment<T> : ReadOnlySequenceSegment<T>
{
    internal CollectionSegment(ReadOnlyMemory<T> memory, CollectionSegment<T>? before)
    {
        Memory = memory;
        if (before != null)
        {
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
