using System;
using System.Diagnostics;

namespace Quarry.Windows.Tests;

/// <summary>A process of its own that reads a block it has freed.</summary>
internal static unsafe class GuardedAccess
{
    internal const string Argument = "--read-after-free";

    private const int Timeout = 60_000;

    internal static void Run()
    {
        Checked<Null> memory = new(default, new CheckedOptions { GuardPages = true });
        Layout layout = HeapChecks.Bytes(100, 4);
        byte* block = (byte*)memory.AllocateZeroed(layout);
        Console.WriteLine($"before: {block[99]}");
        memory.Deallocate(block, layout);
        Console.WriteLine($"behind: {block[99]}");
    }

    /// <summary>Checks that the system ends such a process.</summary>
    internal static void Check()
    {
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { Argument },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill();
        }

        Tests.Check.That(output.Contains("before: 0"), $"the block can be used: {output}");
        Tests.Check.That(!output.Contains("behind"), $"the access does not succeed: {output}");
        Tests.Check.That(process.ExitCode != 0, "the process fails");
    }
}
