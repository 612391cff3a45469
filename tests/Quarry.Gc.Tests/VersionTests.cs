using System;
using System.IO;
using System.Runtime.InteropServices;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>The version of the interface, and runtimes and settings that do not match it.</summary>
public sealed unsafe class VersionTests
{
    /// <summary>Fails when a runtime with another version of the interface is installed.</summary>
    [Fact]
    public void The_version_is_that_of_the_installed_runtime()
    {
        (uint major, uint minor, string name) = VersionOf(Places.Heap);
        (uint stockMajor, uint stockMinor, _) = VersionOf(Path.Combine(DotNet.Runtime, "libclrgc.so"));
        Assert.Equal((stockMajor, stockMinor), (major, minor));
        Assert.Equal("Quarry", name);
    }

    [Fact]
    public void A_runtime_that_is_too_old_is_reported()
    {
        Outcome outcome = Run.Stock("old-runtime", Places.Heap).Start();
        Assert.Equal("80004005 True\n", outcome.Output);
        Assert.Equal(
            "quarry: libquarrygc.so needs .NET 10 or later: the runtime's interface version is 2, "
            + "and .NET 10 has 4",
            Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void A_missing_library_is_reported_by_the_runtime()
    {
        Outcome outcome = Run.Stock("hello").On("/nowhere/libquarrygc.so").Start();
        Assert.Equal((137, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("GC initialization failed", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtime_configuration_can_name_the_library()
    {
        string folder = Repository.FreshFolder("runtimeconfig");
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Places.Probe)!))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string configuration = Path.Combine(folder, "Probe.runtimeconfig.json");
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace(
            "\"configProperties\": {",
            $$"""
            "configProperties": { "System.GC.Path": "{{Places.Heap}}", "Quarry.GC.Mode": "counting",
            """,
            StringComparison.Ordinal));
        Outcome outcome = new Run(DotNet.Host, Path.Combine(folder, "Probe.dll"), "library").Start();
        Assert.Equal("True counting\n", outcome.Output);
    }

    private static (uint Major, uint Minor, string Name) VersionOf(string library)
    {
        nint handle = NativeLibrary.Load(library);
        var exchange = (delegate* unmanaged<Version*, void>)NativeLibrary.GetExport(handle, "GC_VersionInfo");

        // The runtime's version of its side.
        Version version = new() { Major = 4 };
        exchange(&version);
        return (version.Major, version.Minor, Marshal.PtrToStringUTF8(version.Name)!);
    }

    private struct Version
    {
        public uint Major;
        public uint Minor;
        public uint Build;
        public nint Name;
    }
}
