using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Samples.Tests;

/// <summary>Every sample that is a program runs, and prints what it should.</summary>
public class SampleTests
{
    private static readonly string s_repository = typeof(SampleTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    // The programs lie beside that of these tests, each in a folder of its name and of the configuration.
    private static readonly string s_configuration =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static TheoryData<string> Samples =>
    [
        .. Directory
            .GetFiles(Path.Combine(s_repository, "samples"), "Program.cs", SearchOption.AllDirectories)
            .SelectMany(file => Directory.GetFiles(Path.GetDirectoryName(file)!, "*.csproj"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_runs(string sample)
    {
        Transcript transcript = Transcript.Of(Path.Combine(s_repository, "samples", sample));
        string program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", sample, s_configuration, $"{sample}.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. transcript.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{sample} did not end.");
        }

        string printed = $"{await output}\n{await errors}";
        Assert.True(process.ExitCode == 0, $"{sample} ended with {process.ExitCode}:\n{printed}");
        Assert.False(string.IsNullOrWhiteSpace(await output), $"{sample} printed nothing.");
        string? missing = transcript.FirstMissing((await output).Split('\n'));
        Assert.True(missing == null, $"{sample} did not print '{missing}', but\n{printed}");
    }
}
