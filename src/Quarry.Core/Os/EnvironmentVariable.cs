using System;

namespace Quarry;

/// <summary>Variables of the environment, for allocators that are set up by one.</summary>
/// <remarks>
/// In an image it works where there is no memory yet. Costs a walk through the environment; to be read
/// once, when an allocator is made.
/// </remarks>
public static partial class EnvironmentVariable
{
    /// <summary>
    /// Reads a number of bytes, such as <c>65536</c>, <c>64K</c>, <c>512M</c> or <c>2G</c>.
    /// </summary>
    /// <param name="name">Of the variable, in ASCII: <c>"MY_SIZE"u8</c>.</param>
    /// <param name="bytes">At most <see cref="Layout.MaxSize"/>.</param>
    /// <returns>
    /// False if the variable is not set, or is no such number; the second is worth a complaint.
    /// </returns>
    public static bool TryReadSize(ReadOnlySpan<byte> name, out nuint bytes)
    {
        bytes = 0;
        return TryFind(name, out ReadOnlySpan<byte> value) && SizeText.TryParse(value, out bytes);
    }
}
