using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Quarry.Tests.Combinators;

/// <summary>The <c>libquarry.so</c> of the build, for child processes.</summary>
internal static class BuiltLibrary
{
    private static readonly string s_path = System.IO.Path.Combine(
        typeof(BuiltLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "RepositoryRoot").Value!,
        "artifacts/native/linux-x64/libquarry.so");

    /// <summary>Gets the path; skips the test if the library is not built.</summary>
    internal static string Path
    {
        get
        {
            Assert.SkipUnless(File.Exists(s_path), $"{s_path} is not built.");
            return s_path;
        }
    }
}
