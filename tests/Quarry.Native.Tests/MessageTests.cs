using System.Text.RegularExpressions;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Messages go to standard error and never into another file that has its number.</summary>
public sealed class MessageTests
{
    private const string OnStandardError = "standard_error";

    private static readonly TestProgram s_program = new("messages.c");

    private static readonly string[] s_cases =
    [
        "data_file_with_the_number_of_standard_error",
        "output_file_with_the_number_of_standard_error",
        "socket_with_the_number_of_standard_error",
        "data_file_in_a_program_that_starts_without_standard_error",
        "pipe_in_place_of_standard_error",
        "log_in_place_of_standard_error",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Arrive_where_they_do_no_harm(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes(name);
    }

    [Fact]
    public void Arrive_before_and_after_standard_error_was_closed()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = s_program.Case(OnStandardError).Start().ExpectSuccess();
        Assert.Equal(2, Regex.Count(outcome.Errors, "^quarry: .*\n", RegexOptions.Multiline));
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_cases, OnStandardError]);
}
