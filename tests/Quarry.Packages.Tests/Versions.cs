using System.Linq;
using System.Reflection;

namespace Quarry.Packages.Tests;

/// <summary>Versions of the packages that tests of users need.</summary>
internal static class Versions
{
    internal static string TestSdkVersion { get; } = Value("TestSdkVersion");

    internal static string XunitVersion { get; } = Value("XunitVersion");

    internal static string RunnerVersion { get; } = Value("RunnerVersion");

    private static string Value(string key) => typeof(Versions).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
