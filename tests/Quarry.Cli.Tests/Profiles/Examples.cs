using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Profiles that several tests use.</summary>
internal static class Examples
{
    internal const ulong Main = 0x401000, Parse = 0x401100, Leak = 0x401200, Malloc = 0x7f0000001000;

    internal static ProfileBuilder Small() => new ProfileBuilder()
        .Program("/opt/app", "app", "--port", "80")
        .Module("/opt/app", 0x400000, 0x500000, 0x400000, "aabbccdd00112233")
        .Module("/lib/libc.so.6", 0x7f0000000000, 0x7f0000200000, 0x7f0000000000)
        .Site(bytes: 1000, blocks: 10, live: 0, liveBlocks: 0, Malloc, Parse, Main)
        .Site(bytes: 4096, blocks: 4, live: 3072, liveBlocks: 3, Malloc, Leak, Main)
        .Site(bytes: 64, blocks: 1, live: 64, liveBlocks: 1, Leak, Main)
        .Thread(1234, "app", 5000, 14, 1000)
        .Thread(1235, "worker", 160, 1)
        .Timeline(
            new ProfilePoint { Time = 1_000_000, LiveBytes = 10, Bytes = 20, InUseBytes = 30 },
            new ProfilePoint { Time = 200_000_000, LiveBytes = 3136, Bytes = 5160, InUseBytes = 4000 })
        .SizeClasses(
            new ProfileSizeClass { BlockSize = 16 },
            new ProfileSizeClass { BlockSize = 1024, InUseBlocks = 3, Allocations = 4, PageBytes = 65536 },
            new ProfileSizeClass { BlockSize = 0, InUseBlocks = 0, Allocations = 2, PageBytes = 0 });

    /// <summary>The same with the names of <see cref="NamesRecordTests.Some"/>.</summary>
    internal static ProfileBuilder WithNames() => Small().Names(NamesRecord.Write(NamesRecordTests.Some));

    internal static Profile Named(ProfileBuilder builder)
    {
        ProfileFile file = ProfileFile.Parse(builder.Build());
        ModuleFrames modules = new(file);
        return new Profile("example.qprof", file,
            file.Names.IsEmpty ? modules : NamesRecord.Parse(file.Names, modules));
    }
}
