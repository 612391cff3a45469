using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Live;

/// <summary>A site that holds memory. Sizes are in bytes.</summary>
/// <param name="LiveBytes">The bytes in use.</param>
/// <param name="LiveBlocks">The number of blocks in use.</param>
/// <param name="LiveBytesPerSecond">The change of the bytes in use since the previous reading.</param>
/// <param name="BytesPerSecond">The bytes allocated since the previous reading.</param>
/// <param name="Frames">The functions, innermost first, without those of the .NET runtime.</param>
internal sealed record LiveSite(
    long LiveBytes, double LiveBlocks, double LiveBytesPerSecond, double BytesPerSecond,
    IReadOnlyList<string> Frames);
