using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>A file that is created on request, and a process that may open no file any more.</summary>
public sealed class ProfileAttachTests
{
    private static readonly TestProgram s_program = new("api_attach.c");

    private static readonly string[] s_onRequest =
    [
        "file_is_created_by_a_call",
        "call_is_the_first_use",
        "request_is_answered",
        "child_does_not_answer_for_its_parent",
    ];

    public static TheoryData<string> OnRequest => new(s_onRequest);

    /// <summary>Such a file is deleted at exit, because nobody but the requester expects it.</summary>
    [Theory]
    [MemberData(nameof(OnRequest))]
    public void File_is_created_on_request_and_deleted_at_exit(string name)
    {
        LibraryUnderTest.RequireQuarry();
        string folder = ProfileTests.Folder(name);
        Outcome outcome = s_program.Case(name, arguments: folder).Start().ExpectSuccess();
        Assert.Empty(outcome.Errors);
        Assert.Empty(Directory.GetFiles(folder));
    }

    /// <summary>The filter ends the process when it opens a file, also at exit.</summary>
    [Fact]
    public void Recording_goes_on_where_no_file_can_be_opened()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = ProfileTests.Folder("filter");
        _ = s_program.Case("no_file_can_be_opened").With("QUARRY_PROFILE", $"{folder}/p")
            .With("QUARRY_CONF", "profile:exact").Start().ExpectSuccess();
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        Assert.Equal(ProfileState.Ended, profile.Header.State);
        Assert.Equal(64UL * 2000, profile.Figure(112, "blocks"));
        Assert.True(profile.Points.Count > 3);
        ulong first = profile.Points[0].ResidentBytes, last = profile.Points[^1].ResidentBytes;
        Assert.InRange(last, first + (60UL << 20), first + (100UL << 20));
        Assert.True(profile.Header.Figures.PeakResidentBytes >= profile.Points.Max(p => p.ResidentBytes));
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_onRequest, "no_file_can_be_opened"]);
}
