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

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using GZipStream compressed = new(output, CompressionLevel.Optimal, leaveOpen: true);
        new PprofMessage(profile).Create().CopyTo(compressed);
    }
}
