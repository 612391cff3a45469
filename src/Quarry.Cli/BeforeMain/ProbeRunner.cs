using System;
using System.IO;
using System.Threading;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>
/// Builds programs in a temporary folder and runs them, with and without the counting allocator.
/// </summary>
/// <remarks>Standard input is empty; standard output and error are files.</remarks>
internal sealed class ProbeRunner(CancellationToken cancellation) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly Allocator _counter = new("counter", NativeFolder.Get("libCounterMalloc.so"));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-before-main-");

    private string OutputFile => PathOf("output");

    private string ErrorFile => PathOf("error");

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    internal string Write(string name, string text)
    {
        string path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a program without counting and returns the lines of its output.</summary>
    internal string[] ReadLines(ProgramCall call, params (string Name, string Value)[] settings)
    {
        Run(call, Environment(settings));
        return File.ReadAllLines(OutputFile);
    }

    /// <summary>Runs a program on the counting allocator and returns the statistics at its marks.</summary>
    internal AllocationStatistics[] Count(ProbeProgram probe, int? construct)
    {
        EnvironmentBlock environment = Environment(probe.Settings);
        _counter.Preload(environment);
        Run(probe.Call(construct), environment);
        return MarkReader.Read(File.ReadAllText(ErrorFile));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static EnvironmentBlock Environment((string Name, string Value)[] settings)
    {
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        foreach ((string name, string value) in settings)
        {
            environment.Set(name, value);
        }

        return environment;
    }

    private void Run(ProgramCall call, EnvironmentBlock environment)
    {
        File.WriteAllText(OutputFile, "");
        File.WriteAllText(ErrorFile, "");
        using ProcessSpawner spawner = new();
        spawner.Open(0, "/dev/null", 0);
        spawner.Open(1, OutputFile, Constants.O_WRONLY);
        spawner.Open(2, ErrorFile, Constants.O_WRONLY);

        ChildProcess child = spawner.Start(call, environment);
        using TimeLimit limit = new(child, s_limit, cancellation);
        ProcessEnd end = child.Wait(out _);
        cancellation.ThrowIfCancellationRequested();
        limit.ThrowIfExceeded();
        if (!end.Succeeded)
        {
            string program = Path.GetFileName(call.Path);
            throw new RunFailedException($"{program} failed with {end}{ErrorOutput.LastLine(ErrorFile)}");
        }
    }
}
