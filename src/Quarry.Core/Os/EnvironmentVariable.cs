using System;

namespace Quarry;

/// <summary>Reads environment variables that configure allocators.</summary>
/// <remarks>
/// In an image, this works before any memory can be allocated. Each call walks the whole environment, so read
/// a variable once, when the allocator is created.
/// </remarks>
public static partial class EnvironmentVariable
{
    /// <summary>
    /// Tries to read a number of bytes, such as <c>65536</c>, <c>64K</c>, <c>512M</c> or <c>2G</c>.
    /// </summary>
    /// <param name="name">The name of the variable, in ASCII: <c>"MY_SIZE"u8</c>.</param>
    /// <param name="bytes">The number, at most <see cref="Layout.MaxSize"/>.</param>
    /// <returns>False if the variable is not set, or its value is not a valid size.</returns>
    public static bool TryReadSize(ReadOnlySpan<byte> name, out nuint bytes)
    {
        bytes = 0;
        return TryFind(name, out ReadOnlySpan<byte> value) && SizeText.TryParse(value, out bytes);
    }
}
