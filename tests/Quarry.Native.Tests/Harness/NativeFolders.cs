using System.IO;

namespace Quarry.Native.Tests.Harness;

/// <summary>The folders of the programs of tests/native.</summary>
internal static class NativeFolders
{
    private static readonly string s_artifacts =
        Directory.CreateDirectory(Path.Combine(Repository.TestOutput, "native")).FullName;

    extension(Repository)
    {
        public static string Sources => Path.Combine(Repository.Root, "tests", "native");

        /// <summary>What is built of the sources.</summary>
        public static string Artifacts => s_artifacts;
    }
}
