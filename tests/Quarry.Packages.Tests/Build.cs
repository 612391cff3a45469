using System.Linq;
using System.Reflection;

namespace Quarry.Packages.Tests;

/// <summary>Properties of the build.</summary>
internal static class Build
{
    internal static string Repository { get; } = Value("RepositoryRoot");

    internal static string Configuration { get; } = Value("Configuration");

    internal static string TestSdkVersion { get; } = Value("TestSdkVersion");

    internal static string XunitVersion { get; } = Value("XunitVersion");

    internal static string RunnerVersion { get; } = Value("RunnerVersion");

    private static string Value(string key) => typeof(Build).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
