using System;
using System.IO;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Programs linked with the library, shared or static, with glibc and with musl.</summary>
public sealed class LinkedProgramTests
{
    private static readonly string[] s_ways =
    [
        "linked",
        "pkg-config",
        "static",
        "musl-preloaded",
        "musl-linked",
        "musl-static",
    ];

    private static readonly string[] s_cases =
    [
        "allocate",
        "fails_with_enomem",
        "threads",
        "child",
        "standard_io",
        "limited_by_quarry",
    ];

    public static TheoryData<string, string> Programs
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string way in s_ways)
            {
                foreach (string name in s_cases)
                    data.Add(way, name);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Works(string way, string name)
    {
        LibraryUnderTest.RequireQuarry();
        string? preload = way == "musl-preloaded" ? LibraryUnderTest.Preload : null;
        Run run = new(Build(way), name) { Preload = preload };
        if (name == "limited_by_quarry")
            run = run.With("QUARRY_CONF", "limit:32M");
        run.Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => new TestProgram("plain.c").HasExactly(s_cases);

    private static string Build(string way)
    {
        string folder = LibraryUnderTest.Folder, name = $"plain-{way}";
        string[] shared = [$"-L{folder}", $"-Wl,-rpath,{folder}", "-lquarry"];
        string archive = Path.Combine(folder, "libquarry.a");
        return way switch
        {
            "linked" => Compiler.Build("plain.c", name, "gcc", shared),
            "pkg-config" => Compiler.Build("plain.c", name, "gcc", PackageOptions()),
            "static" => Compiler.Build("plain.c", name, "gcc", "-static", archive),
            "musl-preloaded" => Compiler.Build("plain.c", name, "musl-gcc"),
            "musl-linked" => Compiler.Build("plain.c", name, "musl-gcc", shared),
            "musl-static" => Compiler.Build("plain.c", name, "musl-gcc", "-static", archive),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "no such way"),
        };
    }

    private static string[] PackageOptions()
    {
        string[] options = new Run(Tool.Require("pkg-config"), "--cflags", "--libs", "quarry")
            .With("PKG_CONFIG_PATH", $"{LibraryUnderTest.Folder}:{LibraryUnderTest.Folder}/pkgconfig")
            .Start().ExpectSuccess().Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("-lquarry", options);
        return [.. options, $"-Wl,-rpath,{LibraryUnderTest.Folder}"];
    }
}
