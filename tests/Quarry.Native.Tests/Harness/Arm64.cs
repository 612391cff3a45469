using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>Linux on arm64: programs and images that are built here and run by qemu-user.</summary>
internal static class Arm64
{
    private const string Triple = "aarch64-linux-gnu";

    private static readonly Lazy<string> s_folder = new(BuildImages);

    /// <summary>The folder of the images, which are built on first use.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>A tool for arm64; the test is skipped, naming it, where there is none.</summary>
    public static string RequireTool(string name) => Tool.Require($"{Triple}-{name}");

    /// <summary>Skips the test on a machine without the compilers or the emulator.</summary>
    public static void Require()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QUARRY_TEST_LIBRARY") is { Length: > 0 },
            "these tests run on the library for arm64 only");
        _ = RequireTool("gcc");
        _ = RequireTool("g++");
        _ = Tool.Require("qemu-aarch64");
    }

    /// <summary>The program made of tests/native/<paramref name="source"/>, with options after it.</summary>
    public static string Build(string source, string way = "", params string[] options)
    {
        Require();
        string name = $"{Path.GetFileNameWithoutExtension(source)}{way}-arm64";
        return source.EndsWith(".cpp", StringComparison.Ordinal)
            ? Compiler.Build(
                source, name, $"{Triple}-g++", ["-std=c++20", "-Wno-mismatched-new-delete", .. options])
            : Compiler.Build(source, name, $"{Triple}-gcc", ["-std=gnu17", .. options]);
    }

    /// <summary>A run of a program, whose name for its cases is the first argument.</summary>
    /// <param name="program">The program.</param>
    /// <param name="preload">The library to preload, or null.</param>
    /// <param name="pageSize">The size of the pages of the emulated kernel.</param>
    /// <param name="arguments">The arguments.</param>
    public static Run Run(string program, string? preload, int pageSize, params IEnumerable<string> arguments)
    {
        // The emulator itself must not preload the library.
        string[] environment =
            preload is null ? [] : ["-E", $"LD_PRELOAD={preload}", "-E", $"CHECK_LIBRARY={preload}"];
        return new Run(
            Tool.Require("qemu-aarch64"),
            ["-L", $"/usr/{Triple}", "-p", $"{pageSize}", .. environment, program, .. arguments])
        {
            Seconds = 60,
        };
    }

    /// <summary>A run of a case of a program of tests/native on libquarry.so.</summary>
    public static Run Case(string source, string name, int pageSize = 4096)
    {
        string program = Build(source);
        return Run(program, Path.Combine(Folder, "libquarry.so"), pageSize, name);
    }

    private static string BuildImages()
    {
        Require();
        string project = Path.Combine(Repository.Root, "src", "Quarry.Malloc", "Quarry.Malloc.csproj");
        _ = CustomImage.Dotnet(["build", project, "-m:1", .. CustomImage.Properties(
            ["RuntimeIdentifier=linux-arm64", "RunAnalyzers=false"])]).ExpectSuccess();
        return Path.Combine(Repository.Root, "artifacts", "native", "linux-arm64");
    }
}
