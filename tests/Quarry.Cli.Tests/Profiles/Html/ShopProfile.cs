using System;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>The profile of a .NET service with a leak, as it looks after 42 seconds.</summary>
internal static class ShopProfile
{
    private const double MiB = 1 << 20;
    private const string Libc = "/lib/libc.so.6", Ssl = "/lib/libssl.so.3";
    private const string Coreclr = "/usr/share/dotnet/libcoreclr.so";
    private const string Sqlite = "/app/libe_sqlite3.so", Skia = "/app/libSkiaSharp.so";
    private const string NativeMemory =
        "System.Runtime.InteropServices.NativeMemory.Alloc(UIntPtr) @ System.Private.CoreLib.dll";

    private const string Endpoint = "@ Shop.dll /src/Shop/CatalogEndpoint.cs";
    private const string Search = $"Shop.CatalogEndpoint.Search(String) {Endpoint}:44";
    private const string Write = $"Shop.CatalogEndpoint.Write(List) {Endpoint}:71";
    private const string Load = "Shop.Catalog.Load(String) @ Shop.dll /src/Shop/Catalog.cs:19";

    private static readonly string[] s_request =
    [
        $"start_thread @ {Libc}",
        $"libcoreclr.so!0x50a3c0 @ {Coreclr}",
        $"libcoreclr.so!0x2b1170 @ {Coreclr}",
        "System.Threading.ThreadPoolWorkQueue.Dispatch() @ System.Private.CoreLib.dll",
        "Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocol.ProcessRequests() @ Kestrel.Core.dll",
    ];

    /// <summary>Builds the profile.</summary>
    /// <param name="growth">The factor of the memory that the leak holds; 0 for none.</param>
    /// <param name="managed">Whether the managed allocations were recorded.</param>
    /// <param name="path">The path of the file.</param>
    internal static Profile Build(double growth = 1, bool managed = false, string path = "shop.qprof")
    {
        SampleProfile profile = new(sampleInterval: 512 << 10);
        AddThumbnails(profile, growth);
        AddQueries(profile);
        AddConnections(profile);
        AddStart(profile);
        AddHeap(profile.Builder, growth);
        if (managed)
        {
            profile.Builder.Managed(Managed().Write());
        }

        return profile.Build(path);
    }

    private static void AddThumbnails(SampleProfile profile, double growth)
    {
        string[] thumbnail =
        [
            .. s_request,
            "Shop.ImageEndpoint.Thumbnail(Int32) @ Shop.dll /src/Shop/ImageEndpoint.cs:58",
            "Shop.ThumbnailCache.GetOrCreate(Int32) @ Shop.dll /src/Shop/ThumbnailCache.cs:31",
        ];
        string[] decode = [.. thumbnail, "SkiaSharp.SKBitmap.Decode(Stream) @ SkiaSharp.dll"];
        profile
            .Site(SampleProfile.Figures((260 * growth + 40) * MiB, 260 * growth * MiB, 921600),
                [.. decode, $"sk_codec_get_pixels @ {Skia}", $"SkBitmap::tryAllocPixels() @ {Skia}",
                    $"SkMallocPixelRef::MakeAllocate() @ {Skia}", $"sk_malloc_flags @ {Skia}"])
            .Site(SampleProfile.Figures(410 * MiB, 0.5 * MiB, 32768),
                [.. decode, $"sk_codec_new_from_stream @ {Skia}", $"SkJpegCodec::MakeFromStream() @ {Skia}",
                    $"jpeg_start_decompress @ {Skia}", $"alloc_large @ {Skia}"])
            .Site(SampleProfile.Figures((24 * growth + 30) * MiB, 24 * growth * MiB, 12288),
                [.. thumbnail, "SkiaSharp.SKImage.Encode(SKEncodedImageFormat) @ SkiaSharp.dll",
                    $"sk_image_encode @ {Skia}", $"SkDynamicMemoryWStream::write() @ {Skia}",
                    $"sk_malloc_flags @ {Skia}"]);
    }

    private static void AddQueries(SampleProfile profile)
    {
        string[] search =
        [
            .. s_request,
            Search,
            "Microsoft.Data.Sqlite.SqliteCommand.ExecuteReader() @ Microsoft.Data.Sqlite.dll",
        ];
        string[] step = [.. search, $"sqlite3_step @ {Sqlite} sqlite3.c:91204",
            $"sqlite3VdbeExec @ {Sqlite} sqlite3.c:95377"];
        profile
            .Site(SampleProfile.Figures(64 * MiB, 61 * MiB, 4368),
                [.. step, $"sqlite3BtreeNext @ {Sqlite} sqlite3.c:75011",
                    $"getPageNormal @ {Sqlite} sqlite3.c:62310", $"pcache1Alloc @ {Sqlite} sqlite3.c:54021"])
            .Site(SampleProfile.Figures(720 * MiB, 2 * MiB, 1024),
                [.. step, $"vdbeSorterSort @ {Sqlite} sqlite3.c:101822",
                    $"sqlite3Malloc @ {Sqlite} sqlite3.c:30911"])
            .Site(SampleProfile.Figures(530 * MiB, 0, 512),
                [.. search, $"sqlite3_prepare_v2 @ {Sqlite} sqlite3.c:142300",
                    $"sqlite3RunParser @ {Sqlite} sqlite3.c:180212",
                    $"sqlite3DbMallocRawNN @ {Sqlite} sqlite3.c:31260"])
            .Site(SampleProfile.Figures(350 * MiB, 18 * MiB, 65536),
                [.. s_request, Write,
                    "Shop.NativeBufferPool.Rent(Int32) @ Shop.dll /src/Shop/NativeBufferPool.cs:22",
                    NativeMemory,
                    "SystemNative_Malloc @ /usr/share/dotnet/libSystem.Native.so"]);
    }

    private static void AddConnections(SampleProfile profile)
    {
        string[] tls = [.. s_request, "System.Net.Security.SslStream.ReadAsync() @ System.Net.Security.dll"];
        profile
            .Site(SampleProfile.Figures(190 * MiB, 22 * MiB, 17408),
                [.. tls, $"SSL_read @ {Ssl}", $"ssl3_setup_read_buffer @ {Ssl}", $"CRYPTO_malloc @ {Ssl}"])
            .Site(SampleProfile.Figures(120 * MiB, 9 * MiB, 640),
                [.. tls, $"SSL_do_handshake @ {Ssl}", $"ssl_session_dup @ {Ssl}", $"CRYPTO_zalloc @ {Ssl}"]);
    }

    private static void AddStart(SampleProfile profile)
    {
        string[] main =
        [
            $"__libc_start_main @ {Libc}", $"libcoreclr.so!0x1f0210 @ {Coreclr}",
            "Shop.Program.Main(String[]) @ Shop.dll /src/Shop/Program.cs:12",
        ];
        profile
            .Site(SampleProfile.Figures(44 * MiB, 30 * MiB, 2048),
                [.. main, Load, NativeMemory])
            .Site(SampleProfile.Figures(85 * MiB, 26 * MiB, 320),
                [.. main, $"libcoreclr.so!0x3c44e0 @ {Coreclr}", $"libcoreclr.so!0x3c9a10 @ {Coreclr}",
                    "libclrjit.so!0x8af20 @ /usr/share/dotnet/libclrjit.so"])
            .Event(12, [.. main, Load]);
    }

    private static void AddHeap(ProfileBuilder builder, double growth)
    {
        builder.Header.EndTime = builder.Header.UpdatedTime = 42_100_000_000;
        builder.Header.Figures = new ProfileFigures
        {
            InUseBytes = (ulong)((172 + 285 * growth) * MiB),
            UsedBytes = (ulong)((196 + 290 * growth) * MiB),
            CommittedBytes = (ulong)((231 + 300 * growth) * MiB),
            ResidentBytes = (ulong)((304 + 300 * growth) * MiB),
            PeakResidentBytes = (ulong)((311 + 300 * growth) * MiB),
        };
        builder.Timeline([.. Enumerable.Range(0, 300).Select(i => Point(i / 299.0, growth))]);
        builder.Thread(1234, "shop-server", (long)(140 * MiB), 163_000, (long)(98 * MiB))
            .Thread(1236, ".NET TP Worker", (long)(1460 * MiB), 1_701_000, (long)(1320 * MiB))
            .Thread(1237, ".NET TP Worker", (long)(1190 * MiB), 1_386_000, (long)(1211 * MiB))
            .Thread(1238, ".NET TP Gate", (long)(2 * MiB), 2_300, (long)(1.4 * MiB))
            .Thread(1240, ".NET Tiered Com", (long)(61 * MiB), 71_000, (long)(49 * MiB));

        ulong[] sizes =
            [16, 32, 48, 64, 96, 128, 256, 320, 512, 640, 1024, 2048, 4608, 12288, 17408, 32768, 0];
        builder.SizeClasses([.. sizes.Select((size, i) => new ProfileSizeClass
        {
            BlockSize = size,
            InUseBlocks = (ulong)(60_000 / (i + 1)),
            Allocations = (ulong)(9_000_000 / (i + 1)),
            PageBytes = size == 0
                ? (ulong)(262 * growth * MiB)
                : (ulong)(60_000.0 / (i + 1) * size * (1.05 + 0.07 * i)),
        })]);
    }

    private static ProfilePoint Point(double part, double growth)
    {
        double start = Math.Min(part * 8, 1), wave = 12 * Math.Sin(part * 40);
        double live = (166 * start + 285 * growth * part + wave * start) * MiB;
        return new ProfilePoint
        {
            Time = (ulong)(part * 42e9),
            LiveBytes = (ulong)live,
            InUseBytes = (ulong)(live * 1.02 + 3 * MiB),
            CommittedBytes = (ulong)(live * 1.1 + 30 * MiB),
            ResidentBytes = (ulong)(live * 1.12 + 90 * MiB),
        };
    }

    private static ManagedAllocations Managed()
    {
        string[] request = [.. s_request[3..]];
        ManagedSite Site(string type, double mib, double size, params string[] inner) => new(
            type, mib * MiB, mib * MiB * 102_400, mib * MiB / size, (long)(mib * 10),
            [.. request.Concat(inner).Reverse().Select(text => SampleProfile.Frame(text))]);

        return new ManagedAllocations(102_400, (long)(48 * MiB),
        [
            Site("System.String", 640, 84, Search,
                "Microsoft.Data.Sqlite.SqliteDataReader.GetString(Int32) @ Microsoft.Data.Sqlite.dll"),
            Site("Shop.Product", 310, 72, Search),
            Site("System.Byte[]", 480, 4096,
                Write,
                "System.Text.Json.JsonSerializer.SerializeToUtf8Bytes<T>(T) @ System.Text.Json.dll"),
            Site("System.Threading.Tasks.Task", 260, 88,
                "Shop.ImageEndpoint.Thumbnail(Int32) @ Shop.dll /src/Shop/ImageEndpoint.cs:52"),
        ]);
    }
}
