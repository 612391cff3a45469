using System;
using System.IO;
using Xunit;

namespace Quarry.Packages.Tests;

/// <summary>The packages in new projects, as their users have them.</summary>
public sealed class FreshProjectTests(PackageFeed feed)
{
    [Fact]
    public void Console_application_uses_the_library()
    {
        string folder = feed.Project(
            "Console",
            ("Console.csproj", ProjectFile("Microsoft.NET.Sdk", ("Quarry", feed.Version))),
            ("Program.cs", """
                using System;
                using Quarry;

                using Arena arena = new(limit: 64.MiB());
                using NativeDictionary<int, long, Arena> squares = new(arena);
                for (int number = 0; number < 1000; number++)
                {
                    squares.Add(number, (long)number * number);
                }

                Console.WriteLine($"31 squared is {squares[31]}");
                """));
        Assert.Contains("31 squared is 961", PackageUser.DotNet(folder, "run"), StringComparison.Ordinal);
    }

    [Fact]
    public void Console_application_is_compiled_ahead_of_time()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The compiler for Linux is taken.");
        string folder = feed.Project(
            "Aot",
            ("Aot.csproj", ProjectFile("Microsoft.NET.Sdk", ("Quarry", feed.Version))),
            ("Program.cs", """
                using System;
                using Quarry;

                using Heap heap = new();
                using NativeList<int, Heap> list = new(heap) { 40, 2 };
                Console.WriteLine($"the sum is {list[0] + list[1]}");
                """));
        string output = PackageUser.DotNet(
            folder, "publish", "-p:PublishAot=true", "-r", "linux-x64", "-o", "published");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        string printed = PackageUser.Run(Path.Combine(folder, "published", "Aot"), folder, []);
        Assert.Contains("the sum is 42", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_applies_the_fixes_of_the_analyzers()
    {
        string folder = feed.Project(
            "Fixes",
            ("Fixes.csproj", ProjectFile("Microsoft.NET.Sdk", ("Quarry", feed.Version))),
            ("Program.cs", """
                using Quarry;

                Heap heap = new();
                using NativeList<int, Heap> list = new();
                list.Add(1);
                """));
        Assert.Contains("warning QRY101", Rebuild(folder), StringComparison.Ordinal);
        _ = PackageUser.DotNet(
            folder, "format", "analyzers", "--diagnostics", "QRY101", "QRY104", "--severity", "warn");
        Assert.Equal(
            """
            using Quarry;

            using Heap heap = new();
            using NativeList<int, Heap> list = new(heap);
            list.Add(1);
            """,
            File.ReadAllText(Path.Combine(folder, "Program.cs")));
        Assert.DoesNotContain("warning QRY", Rebuild(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Test_project_finds_a_leak()
    {
        string folder = feed.Project(
            "Tests",
            ("Tests.csproj", ProjectFile(
                "Microsoft.NET.Sdk",
                ("Quarry.Testing", feed.Version),
                ("Microsoft.NET.Test.Sdk", Versions.TestSdkVersion),
                ("xunit.v3", Versions.XunitVersion),
                ("xunit.runner.visualstudio", Versions.RunnerVersion))),
            ("LeakTests.cs", """
                using Quarry;
                using Quarry.Testing;
                using Xunit;

                public class LeakTests
                {
                    [Fact]
                    public void Parsing_allocates_nothing() =>
                        AllocationAssert.None(() => int.Parse("42"));

                    [Fact]
                    public void A_boxed_number_is_found()
                    {
                        object box = 0;
                        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
                            () => AllocationAssert.None(() => { box = 42; }));
                        Assert.Contains("System.Int32", failure.Message);
                    }

                    [Fact]
                    public void The_system_heap_conforms() =>
                        AllocatorConformance.Run(ConformanceCheck.Sizes, () => new SystemHeap());
                }
                """));
        Assert.Contains("Passed:     3", PackageUser.DotNet(folder, "test"), StringComparison.Ordinal);
    }

    [Fact]
    public void Web_application_answers_from_an_arena()
    {
        string folder = feed.Project(
            "Web",
            ("Web.csproj", ProjectFile("Microsoft.NET.Sdk.Web", ("Quarry.AspNetCore", feed.Version))),
            ("Program.cs", """
                using System;
                using System.Linq;
                using System.Net.Http;
                using Microsoft.AspNetCore.Builder;
                using Microsoft.Extensions.DependencyInjection;
                using Quarry;
                using Quarry.AspNetCore;

                WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
                builder.Services.AddQuarryRequestArena().AddQuarryTransport();
                WebApplication app = builder.Build();
                app.Urls.Add("http://127.0.0.1:0");
                app.MapGet("/{name}", (string name, RequestArena request) =>
                    $"{name} takes {request.Arena.AllocateUtf8(name).Length} bytes");
                await app.StartAsync();
                using HttpClient client = new();
                Console.WriteLine(await client.GetStringAsync($"{app.Urls.Single()}/Gr%C3%BC%C3%9Fe"));
                NativeMemoryPoolFactory pools = app.Services.GetRequiredService<NativeMemoryPoolFactory>();
                Console.WriteLine($"buffers: {pools.GetStatistics().Rents > 0}");
                await app.StopAsync();
                """));
        string output = PackageUser.DotNet(folder, "run");
        Assert.Contains("takes 7 bytes", output, StringComparison.Ordinal);
        Assert.Contains("buffers: True", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Struct_becomes_the_malloc_of_a_program()
    {
        string folder = MallocProject("Mine");
        _ = PackageUser.DotNet(folder, "publish", "-o", "published");
        string library = Path.Combine(folder, "published", "libMine.so");
        string maps = PackageUser.Run(
            "/bin/sh", folder, ["-c", "cat /proc/$$/maps"], ("LD_PRELOAD", library));
        Assert.Contains(library, maps, StringComparison.Ordinal);
    }

    [Fact]
    public void Struct_becomes_the_malloc_of_a_program_for_arm64()
    {
        _ = Arm64Tools.Require("gcc");
        string folder = MallocProject("MineForArm64");
        _ = PackageUser.DotNet(folder, "publish", "-r", "linux-arm64", "-o", "published");

        // The processor in the header of an ELF file: 183 is arm64.
        byte[] library = File.ReadAllBytes(Path.Combine(folder, "published", "libMineForArm64.so"));
        Assert.Equal(183, library[18]);
    }

    [Fact]
    public void Tool_runs_a_program_without_a_compiler()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The command is for Linux.");
        string folder = feed.Project("Tool");
        _ = PackageUser.DotNet(
            folder, "tool", "install", "Quarry.Cli", "--version", feed.Version, "--tool-path", "tools");

        // With this path, no compiler is found.
        string output = PackageUser.Run(
            Path.Combine(folder, "tools", "quarry"), folder, ["run", "--stats", "--", "/bin/ls", "/"],
            ("PATH", "/nonexistent"), ("DOTNET_ROOT", DotNet.Root));
        Assert.Contains("allocations", output, StringComparison.Ordinal);
    }

    private static string Rebuild(string folder) => PackageUser.DotNet(folder, "build", "--no-incremental");

    private string MallocProject(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The images are for Linux.");
        return feed.Project(
            name,
            (name + ".csproj", ProjectFile("Microsoft.NET.Sdk", ("Quarry.Sdk", feed.Version)).Replace(
                "<OutputType>Exe</OutputType>", """
                <MallocAllocator>Quarry.Bump&lt;Quarry.Shared&gt;</MallocAllocator>
                <MallocFactory>Mine.Factory</MallocFactory>
                """, StringComparison.Ordinal)),
            ("Factory.cs", """
                using Quarry;

                namespace Mine;

                public readonly struct Factory : IAllocatorFactory<Bump<Shared>>
                {
                    public static bool TryCreate(out Bump<Shared> allocator) =>
                        Bump<Shared>.TryCreate(64u << 20, PageSource.Mmap(), out allocator);
                }
                """));
    }

    private static string ProjectFile(string sdk, params (string Name, string Version)[] packages)
    {
        string references = "";
        foreach ((string name, string version) in packages)
        {
            references += $"""<PackageReference Include="{name}" Version="{version}" />""";
        }

        return $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """;
    }
}
