using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>
/// Each system call of memory management fails in turn, once or from then on. The program may end with its
/// own code for "out of memory", or not start where the loader's calls fail; it may never crash or hang.
/// </summary>
public sealed class FailureInjectionTests
{
    private const int OutOfMemory = 3, LoaderFailed = 127;

    private static readonly TestProgram s_program = new("limits.c");

    // The first call is made by the loader before there is any library; glibc's does not survive without it.
    public static TheoryData<int> Calls => new(Enumerable.Range(2, 44));

    [Theory]
    [MemberData(nameof(Calls))]
    public void One_call_fails(int number) => Survives($"{number}");

    [Theory]
    [MemberData(nameof(Calls))]
    public void All_calls_fail_from(int number) => Survives($"{number}+");

    private static void Survives(string when)
    {
        const string calls = "mmap,mprotect,madvise,mremap,munmap";
        Outcome outcome = Strace.Trace("-o", "/dev/null", "-e", $"trace={calls}",
            "-e", $"inject={calls}:error=ENOMEM:when={when}", s_program.Path, "survive").Start();
        Assert.True(outcome.ExitCode is 0 or OutOfMemory or LoaderFailed,
            $"exit code {outcome.ExitCode}: {outcome}");
    }
}
