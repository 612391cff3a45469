using System;
using System.IO;
using System.Runtime.InteropServices;
using Quarry.Freestanding.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Images))]

namespace Quarry.Freestanding.Tests;

/// <summary>The images under test, each built on first use.</summary>
public sealed class Images : IDisposable
{
    private readonly TemporaryFolder _artifacts = new();
    private readonly Lazy<Build> _features;
    private readonly Lazy<Build> _mistakes;
    private readonly Lazy<Build> _uncompilable;
    private readonly Lazy<Build> _withoutCompiler;
    private readonly Lazy<Build> _withAssertions;
    private readonly Lazy<Build> _featuresForArm64;
    private readonly Lazy<Build> _mistakesForArm64;
    private readonly Lazy<nint> _library;
    private readonly Lazy<nint> _conformance;
    private readonly Lazy<nint> _checking;

    public Images()
    {
        _features = new(() => Run("build", "features"));
        _mistakes = new(() => Run("build", "mistakes"));
        _uncompilable = new(() => Run("build", "uncompilable"));
        _withoutCompiler = new(() => Run("build", "features", "no-compiler", "/nonexistent"));
        _withAssertions = new(() => Run("build", "features", "assertions", more: "-p:NativeAssertions=true"));
        _featuresForArm64 = new(() => Run("build", "features", architecture: "arm64"));
        _mistakesForArm64 = new(() => Run("build", "mistakes", architecture: "arm64"));
        _library = new(() => Load(Features, "libfeatures.so"));
        _conformance = new(() => Load(Run("build", "conformance"), "libconformance.so"));
        _checking = new(() => Load(Run("build", "checking"), "libchecking.so"));
    }

    internal Build Features => _features.Value;

    internal Build Mistakes => _mistakes.Value;

    internal Build Uncompilable => _uncompilable.Value;

    internal Build WithoutCompiler => _withoutCompiler.Value;

    internal Build WithAssertions => _withAssertions.Value;

    /// <summary>Gets the correct image for arm64.</summary>
    internal Build FeaturesForArm64 => _featuresForArm64.Value;

    /// <summary>Gets the image with errors for arm64.</summary>
    internal Build MistakesForArm64 => _mistakesForArm64.Value;

    /// <summary>Gets the address of a function of the correct image.</summary>
    public nint Function(string name) => NativeLibrary.GetExport(_library.Value, name);

    /// <summary>Gets the address of the function that runs a check.</summary>
    public nint CheckConformance => NativeLibrary.GetExport(_conformance.Value, "check_conformance");

    /// <summary>Gets the address of a function of the image with a checked allocator.</summary>
    public nint CheckingFunction(string name) => NativeLibrary.GetExport(_checking.Value, name);

    // A folder for each processor: restores of a project for two of them replace each other's files.
    internal Build Run(
        string verb,
        string image,
        string folder = "built",
        string? compiler = null,
        string? architecture = null,
        params string[] more) =>
        Build.Run(verb, image, _artifacts.File(folder + architecture), compiler, architecture, more);

    private static nint Load(Build build, string file)
    {
        Assert.True(build.ExitCode == 0, build.Output);
        return NativeLibrary.Load(Path.Combine(build.NativeFolder, file));
    }

    // The image stays loaded, because threads use their thread words until the process ends.
    public void Dispose() => _artifacts.Dispose();
}
