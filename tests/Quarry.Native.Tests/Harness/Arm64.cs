using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>Linux on arm64: programs and images that are built here and run by qemu-user.</summary>
internal static class Arm64
{
    private static readonly Lazy<string> s_folder = new(BuildImages);

    /// <summary>The folder of the images, which are built on first use.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>Skips the test on a machine without the compilers or the emulator.</summary>
    public static void Require()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QUARRY_TEST_LIBRARY") is { Length: > 0 },
            "these tests run on the library for arm64 only");
        _ = Arm64Tools.Require("gcc");
        _ = Arm64Tools.Require("g++");
        _ = Tool.Require("qemu-aarch64");
    }

    /// <summary>The program made of tests/native/<paramref name="source"/>, with options after it.</summary>
    public static string Build(string source, string way = "", params string[] options)
    {
        Require();
        string name = $"{Path.GetFileNameWithoutExtension(source)}{way}-arm64";
        return source.EndsWith(".cpp", StringComparison.Ordinal)
            ? Compiler.Build(
                source, name, $"{Arm64Tools.Triple}-g++",
                ["-std=c++20", "-Wno-mismatched-new-delete", .. options])
            : Compiler.Build(source, name, $"{Arm64Tools.Triple}-gcc", ["-std=gnu17", .. options]);
    }

    /// <summary>A run of a program, whose name for its cases is the first argument.</summary>
    /// <param name="program">The program.</param>
    /// <param name="preload">The library to preload, or null.</param>
    /// <param name="pageSize">The size of the pages of the emulated kernel.</param>
    /// <param name="arguments">The arguments.</param>
    public static Run Run(string program, string? preload, int pageSize, params IEnumerable<string> arguments)
    {
        (string emulator, string[] words) = Arm64Tools.Emulator(program, arguments, preload, pageSize);
        return new Run(emulator, words);
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
        _ = CustomImage.Dotnet("build", ["-m:1"], "RuntimeIdentifier=linux-arm64")
            .ExpectSuccess();
        return Path.Combine(Repository.Root, "artifacts", "native", "linux-arm64");
    }
}
