using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Tests.Checked;

/// <summary>A process that makes one access to guarded memory: these tests, started once more.</summary>
internal static unsafe class GuardedProcess
{
    private const string Variable = "QUARRY_TESTS_GUARDED_ACCESS";
    private const int Timeout = 60_000;

    // What a shell says of a program that was stopped by a signal, and .NET's way of stopping on Windows.
    private const int Aborted = 128 + 6, SegmentationFault = 128 + 11;
    private const int AccessViolation = unchecked((int)0xC0000005);

    internal static bool IsFault(int exitCode) =>
        exitCode is Aborted or SegmentationFault or AccessViolation;

    /// <summary>Runs the process to its end.</summary>
    internal static (int ExitCode, string Output) Run(string access)
    {
        string host = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        string tests = typeof(GuardedProcess).Assembly.Location;

        // By a shell, which sees to it that no core file is left behind.
        ProcessStartInfo start = new("/bin/sh")
        {
            ArgumentList = { "-c", "ulimit -c 0; \"$0\" exec \"$1\" 2>&1", host, tests },
            RedirectStandardOutput = true,
            Environment = { [Variable] = access, ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, output);
    }

    /// <summary>Before anything else of the tests: in the process that was started, nothing else runs.</summary>
    [ModuleInitializer]
    internal static void Begin()
    {
        string? access = Environment.GetEnvironmentVariable(Variable);
        if (access != null)
        {
            Console.WriteLine("before the access");
            byte value = Access(access);
            Console.WriteLine($"behind the access: {value}");
            Environment.Exit(0);
        }
    }

    private static byte Access(string access)
    {
        Checked<Null> memory = new(default, new CheckedOptions { GuardPages = true });
        Layout layout = Checking.Bytes(100, 4);
        byte* block = (byte*)memory.Allocate(layout);
        switch (access)
        {
            case "within":
                return block[99];
            case "read behind":
                return block[100];
            case "write far in front":
                block[-4096] = 1;
                return 1;
            case "read after free":
                memory.Deallocate(block, layout);
                return block[0];
            case "write after disposal":
                memory.Deallocate(block, layout);
                memory.Dispose();
                block[0] = 1;
                return 1;
            default:
                throw new ArgumentException(access);
        }
    }
}
