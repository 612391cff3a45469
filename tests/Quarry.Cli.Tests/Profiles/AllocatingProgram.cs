using System;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>
/// A running C program on libquarry.so that records each allocation: keeps() has 1000 blocks of 1024 bytes,
/// and grows() adds 100 blocks of 2048 bytes with each step.
/// </summary>
internal sealed class AllocatingProgram : IDisposable
{
    private const string Source = """
        #include <stdio.h>
        #include <stdlib.h>
        __attribute__((noinline)) void *keeps(void) { return malloc(1024); }
        __attribute__((noinline)) void *grows(void) { return malloc(2048); }
        void *volatile kept;
        int main(void)
        {
            for (int i = 0; i < 1000; i++) kept = keeps();
            puts("ready");
            fflush(stdout);
            while (getchar() != EOF)
            {
                for (int i = 0; i < 100; i++) kept = grows();
                puts("grown");
                fflush(stdout);
            }
        }
        """;

    private readonly BackgroundRun _run;

    /// <summary>Compiles the program; skips the test without a compiler.</summary>
    internal static string Compile(TemporaryFolder folder) => Installed.CompileC(folder.FullName, Source);

    internal AllocatingProgram(TemporaryFolder folder, string program)
    {
        _run = new Run(Tool.Path, "run", "--", program)
            .With("QUARRY_PROFILE", folder.File("own")).With("QUARRY_CONF", "profile:exact").Begin();
        Assert.Equal("ready", _run.ReadLine());
    }

    internal string Id => _run.IdText;

    /// <summary>Has the program allocate, and waits until it has.</summary>
    internal void Step()
    {
        _run.Write("x");
        Assert.Equal("grown", _run.ReadLine());
    }

    /// <summary>Has the program end.</summary>
    internal void End() => _run.End();

    public void Dispose() => _run.Dispose();
}
