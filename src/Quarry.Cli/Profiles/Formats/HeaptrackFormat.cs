using System.IO;
using System.IO.Compression;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>
/// The compressed event log of heaptrack, version 3, for heaptrack_gui and heaptrack_print.
/// </summary>
internal sealed class HeaptrackFormat : IFormat<Profile>
{
    public string Name => "heaptrack";

    public string Extension => ".heaptrack.gz";

    public bool IsText => false;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using GZipStream compressed = new(output, CompressionLevel.Optimal, leaveOpen: true);
        using StreamWriter writer = PlainText.Writer(compressed);
        new HeaptrackLog(writer, profile).Write();
    }
}
