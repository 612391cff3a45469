using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Quarry.TestSupport;

/// <summary>The sources, and the folders in artifacts that builds and tests write to.</summary>
public static class Repository
{
    private static readonly string[] s_properties =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    // First: the others use it.
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The configuration that the tests were built in.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The folder of the native images.</summary>
    public static string NativeImages { get; } = Path.Combine(Root, "artifacts", "native", "linux-x64");

    /// <summary>The path of a native image; the test is skipped if it was not built.</summary>
    public static string NativeImage(string file)
    {
        string path = Path.Combine(NativeImages, file);
        Assert.SkipUnless(File.Exists(path), $"{path} is not built");
        return path;
    }

    /// <summary>The folder of all that tests build and write.</summary>
    public static string TestOutput { get; } =
        Directory.CreateDirectory(Path.Combine(Root, "artifacts", "tests")).FullName;

    /// <summary>The folders of <c>src</c>, by name.</summary>
    public static IEnumerable<string> Projects =>
        Directory.GetDirectories(Path.Combine(Root, "src")).Select(folder => Path.GetFileName(folder));

    /// <summary>The path of a file that the build of a project writes.</summary>
    public static string Built(string project, string file) =>
        Path.Combine(Root, "artifacts", "bin", project, Configuration.ToLowerInvariant(), file);

    /// <summary>An empty folder for one test, out of reach of the repository's build properties.</summary>
    public static string FreshFolder(string test)
    {
        string work = Path.Combine(TestOutput, "work", Assembly.GetEntryAssembly()!.GetName().Name!);
        string folder = Path.Combine(work, test);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (string file in s_properties.Select(name => Path.Combine(work, name)))
        {
            if (!File.Exists(file))
            {
                File.WriteAllText(file, "<Project />\n");
            }
        }

        return folder;
    }

    /// <summary>The files below a folder with one of these endings, as paths from the root.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings)
    {
        string start = Path.Combine(Root, folder);
        return !Directory.Exists(start)
            ? []
            : Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories)
                .Where(file => endings.Contains(Path.GetExtension(file)))
                .Select(file => Path.GetRelativePath(Root, file))
                .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "artifacts"));
    }

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string Metadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
