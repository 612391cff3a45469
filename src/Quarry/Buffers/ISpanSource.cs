using System;

namespace Quarry;

/// <summary>A collection whose elements lie in a row, or in several.</summary>
internal interface ISpanSource<T> where T : unmanaged
{
    /// <summary>Returns elements that lie in a row, where they are now.</summary>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    Span<T> Part(nint start, int length);
}
