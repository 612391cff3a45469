using System;
using System.Runtime.InteropServices;

namespace Quarry.Windows.Tests;

/// <summary>Runs all checks, one line each; the exit code is the number of those that failed.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is [GuardedAccess.Argument])
        {
            GuardedAccess.Run();
            return 0;
        }

        Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Check[] checks =
        [
            .. PageSourceChecks.All,
            .. OsChecks.All,
            .. HeapChecks.All,
            .. AllocatorChecks.All,
        ];
        int failed = 0;
        foreach (Check check in checks)
        {
            failed += Passes(check) ? 0 : 1;
        }

        Console.WriteLine($"{checks.Length - failed} of {checks.Length} checks passed.");
        return failed;
    }

    private static bool Passes(Check check)
    {
        try
        {
            check.Run();
            Console.WriteLine($"passed: {check.Name}");
            return true;
        }
        catch (Exception exception)
        {
            Console.WriteLine($"FAILED: {check.Name}: {exception}");
            return false;
        }
    }
}
