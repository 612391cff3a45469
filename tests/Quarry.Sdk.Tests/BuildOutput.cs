using System;
using System.IO;

namespace Quarry.Sdk.Tests;

/// <summary>Where the tests of a class build to, so that what they have in common is built once.</summary>
public sealed class BuildOutput : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("quarry-build-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
