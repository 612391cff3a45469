using System.IO;
using System.Linq;
using System.Reflection;

namespace Quarry.Native.Tests.Harness;

/// <summary>Where sources are and where what the tests build and write goes: nothing outside of
/// artifacts.</summary>
internal static class Repository
{
    private static readonly string[] s_properties =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string Sources { get; } = Path.Combine(Root, "tests", "native");

    public static string Artifacts { get; } = Path.Combine(Root, "artifacts", "tests", "native");

    /// <summary>An empty folder for one test, out of reach of the repository's build properties.</summary>
    public static string FreshFolder(string test)
    {
        string work = Path.Combine(Root, "artifacts", "tests", "work");
        Directory.CreateDirectory(work);
        foreach (string name in s_properties)
            File.WriteAllText(Path.Combine(work, name), "<Project />\n");
        string folder = Path.Combine(work, test);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
