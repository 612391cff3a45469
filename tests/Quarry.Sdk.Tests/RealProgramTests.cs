using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>Programs behave on the samples as without them.</summary>
public sealed class RealProgramTests
{
    private static readonly string[] s_serving =
        ["BumpMalloc", "CounterMalloc", "FixedMalloc", "TracingMalloc"];

    private static readonly string[] s_commands =
    [
        "ls -lR /usr/share/doc",
        "sort -r /etc/services /etc/passwd",
        "sqlite3 :memory: \"create table t(a); insert into t values (1), (2); select sum(a) from t\"",
        "perl -e 'my %h = map { $_ => \"x\" x $_ } 1 .. 300; print join \",\", sort keys %h'",
        "python3 -c 'import json; print(json.dumps({str(i): [i] * 9 for i in range(900)}))'",
        "echo 'int main(void) { return 0; }' | gcc -O2 -x c - -S -o -",
        "seq 1 2000 | grep 7 | awk '{ s += $1 } END { print s }'",
    ];

    public static TheoryData<string, string> Cases =>
    [
        .. s_serving.SelectMany(sample => s_commands.Select(command => (sample, command))),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_output_of_a_program_is_unchanged(string sample, string command)
    {
        bool compiles = command.Contains("gcc", System.StringComparison.Ordinal);
        string tool = compiles ? "gcc" : command.Split(' ')[0];
        Assert.SkipUnless(
            new[] { "/bin", "/usr/bin", "/usr/local/bin" }
                .Any(folder => File.Exists(Path.Combine(folder, tool))),
            $"{tool} is not installed");
        Outcome without = new Run("sh", "-c", command).Start();
        Assert.Equal(0, without.ExitCode);

        Outcome with = Sample.Run(sample, "sh", ["-c", command]);
        Assert.Equal(0, with.ExitCode);
        Assert.Equal(without.Output, with.Output);
    }

    [Theory]
    [InlineData("ls")]
    [InlineData("sort")]
    [InlineData("gcc")]
    public void On_Null_a_program_ends_at_its_first_allocation(string program)
    {
        const int Aborted = 128 + 6;
        Outcome result = Sample.Run("NullMalloc", program, ["/etc/passwd"]);
        Assert.Equal(Aborted, result.ExitCode);
        Assert.Equal("", result.Output);
        string line = Assert.Single(result.ErrorLines);
        Assert.Matches(@"^memory allocation of \d+ bytes failed \(alignment 16\)$", line);
    }
}
