using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>A program that runs on the library, without a profile file, until its input ends.</summary>
internal sealed class RunningProgram : IDisposable
{
    /// <summary>Allocates in a loop until its input ends; with an argument, only waits for that.</summary>
    internal const string Source = """
        #include <poll.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        static void *volatile blocks[2000];
        __attribute__((noinline)) void allocate_blocks(void)
        {
            for (int i = 0; i < 2000; i++)
                blocks[i] = malloc(112);
            for (int i = 0; i < 2000; i++)
                free(blocks[i]);
        }
        int main(int count, char **words)
        {
            (void)words;
            allocate_blocks();
            printf("%d\n", getpid());
            fflush(stdout);
            struct pollfd input = { 0, POLLIN, 0 };
            while (poll(&input, 1, count > 1 ? -1 : 1) == 0)
                allocate_blocks();
            return 0;
        }
        """;

    private readonly BackgroundRun _run;

    private RunningProgram(BackgroundRun run)
    {
        _run = run;
        Id = run.Id;
    }

    internal int Id { get; private set; }

    internal string IdText => Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets the first line of the program's output.</summary>
    internal string FirstLine => _run.FirstLine;

    internal bool HasEnded => _run.HasEnded;

    /// <summary>Starts words before which others may stand, such as those of a sandbox.</summary>
    /// <param name="words">The program and its arguments.</param>
    internal static RunningProgram Start(params string[] words) => new(new Run(words[0], words[1..]).Begin());

    /// <summary>Starts a program and waits for its first line.</summary>
    internal static RunningProgram StartAndWait(params string[] words)
    {
        RunningProgram program = Start(words);
        _ = program.FirstLine;
        return program;
    }

    /// <summary>Follows the processes to the last child, which is the program in a sandbox.</summary>
    internal RunningProgram AtLastChild()
    {
        for (string children = Children(Id); children.Length > 0; children = Children(Id))
        {
            Id = int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return this;
    }

    /// <summary>Gets the path of the profile file, as the program sees it; null if there is none.</summary>
    internal string? Profile() => Mapped(".qprof");

    /// <summary>Gets the path of a mapped file by the end of its path; null if there is none.</summary>
    internal string? Mapped(string end) => File.ReadLines($"/proc/{Id}/maps")
        .Where(line => line.EndsWith(end, StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).FirstOrDefault();

    /// <summary>Lets the program end by itself.</summary>
    internal void End() => _run.End();

    public void Dispose()
    {
        // A program that is killed does not delete its file.
        if (!HasEnded && Directory.Exists($"/proc/{Id}") && Profile() is { } file)
        {
            File.Delete($"/proc/{Id}/root{file}");
        }

        _run.Dispose();
    }

    private static string Children(int id) => File.ReadAllText($"/proc/{id}/task/{id}/children").Trim();
}
