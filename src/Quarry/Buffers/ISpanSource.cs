using System;

namespace Quarry;

/// <summary>A collection whose elements lie in a row.</summary>
internal interface ISpanSource<T> where T : unmanaged
{
    /// <summary>The elements, where they are now.</summary>
    Span<T> Elements { get; }
}
