using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Quarry.Gc.Tests.Harness;

/// <summary>The paths of files and folders that the tests use.</summary>
internal static class Places
{
    private static readonly string[] s_properties =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    // First: the others use it.
    internal static string Repository { get; } = Metadata("RepositoryRoot");

    internal static string Probe { get; } = Metadata("Probe");

    internal static string Heap { get; } = Native("libquarrygc.so");

    /// <summary>The code of the heap before it was compiled to native code.</summary>
    internal static string HeapAssembly { get; } = Metadata("HeapAssembly");

    internal static string Hook { get; } = Native("libquarrygc.hook.dll");

    internal static string Quarry { get; } = Path.Combine(AppContext.BaseDirectory, "quarry");

    /// <summary>The folder of the runtime on which the tests and the programs run.</summary>
    internal static string Runtime { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    internal static string DotNetRoot { get; } = Path.GetFullPath(Path.Combine(Runtime, "../../.."));

    internal static string DotNet { get; } = Path.Combine(DotNetRoot, "dotnet");

    /// <summary>Creates an empty folder for a test, without the build properties of the repository.</summary>
    internal static string FreshFolder(string test)
    {
        string work = Path.Combine(Repository, "artifacts", "tests", "managed");
        string folder = Path.Combine(work, test);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (string name in s_properties)
        {
            File.WriteAllText(Path.Combine(folder, name), "<Project />\n");
        }

        return folder;
    }

    private static string Native(string file) =>
        Path.Combine(Repository, "artifacts", "native", "linux-x64", file);

    private static string Metadata(string key) => typeof(Places).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
