using System;
using System.Runtime.CompilerServices;

namespace Quarry.Tests.Checked;

/// <summary>A process that makes one access to guarded memory: these tests, started once more.</summary>
internal static unsafe class GuardedProcess
{
    private const string Variable = "QUARRY_TESTS_GUARDED_ACCESS";

    // What a shell says of a program that was stopped by a signal, and .NET's way of stopping on Windows.
    private const int Aborted = 128 + 6, SegmentationFault = 128 + 11;
    private const int AccessViolation = unchecked((int)0xC0000005);

    internal static bool IsFault(int exitCode) =>
        exitCode is Aborted or SegmentationFault or AccessViolation;

    /// <summary>Runs the process to its end.</summary>
    internal static Outcome Run(string access) =>
        new Run(DotNet.Host, "exec", typeof(GuardedProcess).Assembly.Location)
            .With(Variable, access).With("DOTNET_DbgEnableMiniDump", "0").Start();

    /// <summary>Before anything else of the tests: in the new process, nothing else runs.</summary>
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
            default:
                throw new ArgumentException(access);
        }
    }
}
