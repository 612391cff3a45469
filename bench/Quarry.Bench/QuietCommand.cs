using System;
using System.Threading;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Running;

namespace Quarry.Bench;

/// <summary>Runs commands that write to files, are given a time limit and leave no process behind.</summary>
internal sealed class QuietCommand(SuiteFolders folders)
{
    private const int CreateAndTruncate = 0x1 | 0x40 | 0x200;

    private readonly EnvironmentBlock _environment = WithoutPreload();

    /// <summary>Runs one to its end; a <see cref="RunFailedException"/> says what went wrong.</summary>
    internal void Run(TimeSpan limit, CancellationToken cancellation, params string[] words)
    {
        Descendants descendants = new();
        try
        {
            using ProcessSpawner spawner = new();
            spawner.Open(0, "/dev/null", 0);
            spawner.Open(1, folders.Output, CreateAndTruncate);
            spawner.Open(2, folders.Errors, CreateAndTruncate);
            ChildProcess child = spawner.Start(ProgramCall.Of(words), _environment);
            using TimeLimit timeLimit = new(child, limit, cancellation);
            ProcessEnd end = child.Wait(out _);
            timeLimit.ThrowIfExceeded();
            if (!end.Succeeded)
            {
                throw new RunFailedException($"{end}{ErrorOutput.LastLine(folders.Errors)}");
            }
        }
        finally
        {
            descendants.End();
        }
    }

    private static EnvironmentBlock WithoutPreload()
    {
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        environment.Remove("LD_PRELOAD");
        return environment;
    }
}
