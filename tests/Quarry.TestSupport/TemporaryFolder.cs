using System;
using System.IO;

namespace Quarry.TestSupport;

/// <summary>A folder for one test or one class of tests.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-test-");

    public string FullName => _folder.FullName;

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
