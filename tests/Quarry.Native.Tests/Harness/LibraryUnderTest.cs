using System;
using System.IO;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>
/// The malloc that programs run on: libquarry.so, or the library that <c>QUARRY_TEST_LIBRARY</c> names (a
/// path, or <c>none</c> for the malloc of the C library). That is libquarry-debug.so, or another malloc to
/// test the tests with.
/// </summary>
internal static class LibraryUnderTest
{
    private static readonly string? s_other = Environment.GetEnvironmentVariable("QUARRY_TEST_LIBRARY");

    /// <summary>The folder of the native images; <c>QUARRY_NATIVE</c> overrides it.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("QUARRY_NATIVE")
        ?? Repository.NativeImages;

    public static bool IsQuarry => string.IsNullOrEmpty(s_other)
        || Path.GetFileName(s_other).StartsWith("libquarry", StringComparison.Ordinal);

    /// <summary>Whether the library is libquarry-debug.so, which takes more instructions.</summary>
    public static bool HasAssertions => DebugImage.Is(s_other);

    /// <summary>The options that a program gets for those of a test.</summary>
    public static string Options(string? own) => HasAssertions ? DebugImage.Options(own) : own ?? "";

    /// <summary>The library to preload, or null for the C library's own malloc.</summary>
    public static string? Preload
    {
        get
        {
            if (s_other == "none")
                return null;
            string path = string.IsNullOrEmpty(s_other) ? Path.Combine(Folder, "libquarry.so") : s_other;
            Assert.True(File.Exists(path),
                $"{path} is missing: build the solution first, or set QUARRY_NATIVE.");
            return Path.GetFullPath(path);
        }
    }

    /// <summary>For promises that only Quarry makes.</summary>
    public static void RequireQuarry() =>
        Assert.SkipUnless(IsQuarry, "a promise of Quarry, not of every malloc");

    /// <summary>For tests that need a library file, whoever made it.</summary>
    public static string RequireFile()
    {
        Assert.SkipWhen(Preload is null, "the C library's malloc is no file of its own");
        return Preload!;
    }
}
