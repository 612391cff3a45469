namespace Quarry;

/// <summary>The tags of entries in the dynamic section of a 64-bit ELF image.</summary>
internal static class DynamicTag
{
    internal const nuint End = 0;

    /// <summary>The table of the names of symbols, and its size in bytes.</summary>
    internal const nuint Strings = 5, StringsSize = 10;

    /// <summary>The table of symbols.</summary>
    internal const nuint Symbols = 6;

    /// <summary>The relocations of the slots for calls of functions, and their size in bytes.</summary>
    internal const nuint Slots = 23, SlotsSize = 2;
}
