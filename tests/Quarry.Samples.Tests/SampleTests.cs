using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>Every sample that is a program runs, and prints what it should.</summary>
public class SampleTests
{
    public static TheoryData<string> Samples =>
    [
        .. Directory
            .GetFiles(
                Path.Combine(SampleProgram.Repository, "samples"), "Program.cs", SearchOption.AllDirectories)
            .SelectMany(file => Directory.GetFiles(Path.GetDirectoryName(file)!, "*.csproj"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_runs(string sample)
    {
        Transcript transcript = Transcript.Of(Path.Combine(SampleProgram.Repository, "samples", sample));
        (_, string output, string errors) = SampleProgram.Run(
            "dotnet", ["exec", SampleProgram.Built(sample, $"{sample}.dll"), .. transcript.Arguments]);
        Assert.False(string.IsNullOrWhiteSpace(output), $"{sample} printed nothing.");
        string? missing = transcript.FirstMissing(output.Split('\n'));
        Assert.True(missing == null, $"{sample} did not print '{missing}', but\n{output}\n{errors}");
    }
}
