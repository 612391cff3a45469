using System;
using System.Globalization;

namespace Quarry;

/// <summary>Blocks that one site took and nobody gave back.</summary>
public sealed class Leak
{
    internal Leak(AllocationSite? site, nuint blocks, nuint bytes)
    {
        Site = site;
        Blocks = blocks;
        Bytes = bytes;
    }

    /// <summary>Who took them; null if stacks are not kept.</summary>
    public AllocationSite? Site { get; }

    /// <summary>How many there are.</summary>
    public nuint Blocks { get; }

    /// <summary>Their sizes together, as they were asked for.</summary>
    public nuint Bytes { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{Bytes} bytes in {Blocks} {(Blocks == 1 ? "block" : "blocks")}");
        string indent = Environment.NewLine + "    ";
        return Site == null ? text : $"{text}, taken by{indent}{string.Join(indent, Site.Frames)}";
    }
}
