using System;
using System.IO;

namespace Quarry.Sdk.Tests;

/// <summary>The output folder of the builds of a test class, which share what they have in common.</summary>
public sealed class BuildOutput : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("quarry-build-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
