using System;
using System.IO;
using Quarry.Sdk.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(NativePrograms))]

namespace Quarry.Sdk.Tests;

/// <summary>The C programs of these tests, each compiled on first use.</summary>
public sealed class NativePrograms : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quarry-sdk-").FullName;

    internal string Get(string name)
    {
        string source = Path.Combine(Sample.Repository, "tests", "Quarry.Sdk.Tests", "programs", name + ".c");
        string program = Path.Combine(_folder, name);
        lock (_folder)
        {
            if (!File.Exists(program))
            {
                Result built = Execution.Run(
                    "cc", ["-O1", "-fno-builtin", "-Wall", "-Werror", "-pthread", source, "-o", program]);
                Assert.True(built.ExitCode == 0, built.Errors);
            }
        }

        return program;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
