using System;

namespace Quarry.Malloc;

/// <summary>The controls of an allocator, in groups.</summary>
internal interface IMallctlTree
{
    /// <summary>The number of groups.</summary>
    static abstract int GroupCount { get; }

    /// <summary>
    /// Visits the control at an index of a group; leaves the path empty if the index is beyond the end.
    /// </summary>
    /// <remarks>No path is the beginning of another one, and every path ends with a name.</remarks>
    /// <returns>0, or the error number of the action.</returns>
    static abstract int Visit(ref MallctlNode node, int group, int index);

    /// <summary>Returns the number of a name in a path, for an element <c>$</c>.</summary>
    /// <param name="before">The part of the path before the name, as in <c>stats.mutexes.</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="number">The number of the name.</param>
    /// <returns>False if there is no such name.</returns>
    static abstract bool TryGetNumber(
        ReadOnlySpan<byte> before, ReadOnlySpan<byte> name, out nuint number);

    /// <summary>Determines whether a number exists in a path.</summary>
    /// <param name="before">The part of the path before the number, as in <c>arena.</c>.</param>
    /// <param name="number">The number.</param>
    static abstract bool Exists(ReadOnlySpan<byte> before, nuint number);
}
