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
                Path.Combine(Repository.Root, "samples"), "Program.cs", SearchOption.AllDirectories)
            .SelectMany(file => Directory.GetFiles(Path.GetDirectoryName(file)!, "*.csproj"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_runs(string sample)
    {
        Transcript transcript = Transcript.Of(Path.Combine(Repository.Root, "samples", sample));
        string program = Repository.Built(sample, $"{sample}.dll");
        Outcome outcome = new Run(DotNet.Host, ["exec", program, .. transcript.Arguments])
            .Start().ExpectSuccess();
        Assert.NotEmpty(outcome.Lines);
        string? missing = transcript.FirstMissing(outcome.Output.Split('\n'));
        Assert.True(missing == null, $"it did not print '{missing}': {outcome}");
    }
}
