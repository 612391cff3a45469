using System.IO;
using System.IO.Compression;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The gzip-compressed protobuf of pprof, with names.</summary>
internal sealed class PprofFormat : IFormat<Profile>
{
    public string Name => "pprof";

    public string Extension => ".pb.gz";

    public bool IsText => false;

    public void Write(Profile profile, Stream output, FormatOptions options) =>
        Write(profile, PprofContents.OfRun(profile), output);

    /// <summary>Writes a profile with other contents than those of the whole run.</summary>
    internal static void Write(Profile profile, PprofContents contents, Stream output)
    {
        using GZipStream compressed = new(output, CompressionLevel.Optimal, leaveOpen: true);
        new PprofMessage(profile, contents).Create().CopyTo(compressed);
    }
}
