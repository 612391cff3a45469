namespace Quarry;

/// <summary>What a program passes about a block that it frees.</summary>
internal readonly struct FreeRequest
{
    /// <summary>Initializes a request without a size and an alignment.</summary>
    public FreeRequest()
    {
        Size = Alignment = Unsaid;
    }

    /// <summary>The value of a size or an alignment that the program does not pass.</summary>
    internal static nuint Unsaid => nuint.MaxValue;

    /// <summary>The number of bytes.</summary>
    internal nuint Size { get; init; }

    /// <summary>
    /// Whether the size may be any from the one requested to that of its class, as <c>sdallocx</c> permits.
    /// </summary>
    internal bool IsRounded { get; init; }

    /// <summary>The alignment, in bytes; a power of two.</summary>
    internal nuint Alignment { get; init; }

    /// <summary>Determines whether the size is that of a block.</summary>
    internal bool IsSizeOf(nuint requested)
    {
        const nuint LargestClass = 64 * 1024;
        if (Size == Unsaid || Size == requested || (requested == 1 && Size == 0))
        {
            return true;
        }

        nuint rounded = requested <= LargestClass
            ? EightPerDoubling.SizeOf(EightPerDoubling.IndexOf(requested))
            : Layout.AlignUp(requested, Os.PageSize);
        return IsRounded && Size >= requested && Size <= rounded;
    }
}
