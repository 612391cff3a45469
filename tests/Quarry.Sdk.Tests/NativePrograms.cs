using System;
using System.IO;
using Quarry.Sdk.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(NativePrograms))]

namespace Quarry.Sdk.Tests;

/// <summary>The C programs of these tests, each compiled on first use.</summary>
public sealed class NativePrograms : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal string Get(string name)
    {
        string source = Path.Combine(Repository.Root, "tests", "Quarry.Sdk.Tests", "programs", name + ".c");
        string program = _folder.File(name);
        lock (_folder)
        {
            if (!File.Exists(program))
            {
                _ = NativeCompiler.Compile(
                    "cc", program, "-O1", "-fno-builtin", "-Wall", "-Werror", "-pthread", source);
            }
        }

        return program;
    }

    public void Dispose() => _folder.Dispose();
}
