using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;
using System.Linq;

namespace Quarry.Cli.Commands;

/// <summary>What --help prints: the usage as it is to be typed, options, examples.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, (string Usage, string Text)> s_pages = new()
    {
        ["quarry"] = ("quarry COMMAND ...",
            """
            Examples:
              quarry run --stats ls -lR /usr        what ls allocates, on the Quarry allocator
              quarry profile -- ./server            which code holds the memory, native and .NET
              quarry stats 1234                     the same of a running process, live
              quarry bench -- gcc -O2 -c large.c    the same work on every allocator of this machine
              quarry report server.1234.qprof       where the memory of a profiled program went
              quarry diff old.qprof new.qprof       what grew between two profiles
              quarry allocators                     which these are
              quarry options 1234                   the options of a process, and where they come from
              quarry before-main                    what C, C++, Rust, Python and .NET allocate at start
              quarry new Mine                       a project for an allocator of your own

            'quarry COMMAND --help' tells more.
            """),
        ["run"] = ("quarry run [OPTIONS] [--] PROGRAM [ARGUMENTS...]",
            """
            Exit code, signals, terminal, input and output, arguments and environment are the program's own.
            Its allocator is exchanged by LD_PRELOAD: a statically linked or setuid program keeps its own.

            Examples:
              quarry run python3 script.py
              quarry run --stats -- ls -lR /usr
              quarry run --stats --children make -j4
              quarry run --json=figures.json redis-server --port 7000
              quarry run --limit 512M ./server      malloc returns null beyond 512 MiB
              quarry run --conf dirty_decay_ms:5000,prof:true,prof_final:true ./server
              quarry run --allocator jemalloc --stats ./server
              quarry run --allocator ./libmine.so ./server
            """),
        ["profile"] = ("quarry profile [OPTIONS] [--] PROGRAM [ARGUMENTS...] | --attach PID [OPTIONS]",
            """
            Records the call stacks of allocations to PREFIX.PID.qprof, in the current directory unless
            --output says otherwise; no file is overwritten. The program runs as with 'quarry run'. Samples
            cost about 1 % of the time; --exact records every allocation. Names of functions, native and
            .NET, are added when the program has ended, so that the file can be read on any machine.

            --attach records a process that 'quarry profile' has started, or that runs on libquarry.so with
            QUARRY_PROFILE=PREFIX and QUARRY_CONF=profile:off, until Ctrl-C or for the time of --for. The
            process then continues as before.

            Examples:
              quarry profile -- ./server --port 80
              quarry profile --exact -- dotnet app.dll
              quarry profile --children --output /tmp/build -- make -j4
              quarry profile --attach 1234 --for 60s
              quarry report server.1234.qprof
            """),
        ["stats"] = ("quarry stats PID [OPTIONS] | [PID...] --serve[=ADDRESS:PORT] | [PID...] --push URL",
            """
            Shows a process that has a profile file: the sizes of its heap, rates, and the sites that hold
            most memory, once a second until Ctrl-C or the end of the process. A process that was started by
            'quarry run --stats' has figures but no sites. Keys: q quits, s changes the order of the sites.

            --serve answers requests for /debug/pprof/heap and /debug/pprof/allocs as Go programs do, so that
            'go tool pprof', Grafana Alloy, Parca and other scrapers read the profiles. --push sends them to
            the endpoint /ingest of Pyroscope. Without a PID, both are for all processes on libquarry.so that
            have a profile file and that this user may see.

            --jemalloc prints what the function malloc_stats_print of a process prints, whether it has a
            profile file or not. The process answers when it next allocates.

            Examples:
              quarry stats 1234
              quarry stats 1234 --once --sort growth
              quarry stats 1234 --jemalloc --json | jq .jemalloc.stats
              quarry stats 1234 --json | jq .in_use_bytes     one line a second
              quarry stats 1234 --serve & go tool pprof http://127.0.0.1:6060/debug/pprof/heap
              quarry stats --serve=*:6060                     all processes, for scrapers elsewhere
              quarry stats 1234 --push http://localhost:4040 --name shop{env=test}
            """),
        ["report"] = ("quarry report FILE [OPTIONS]",
            """
            FILE is a profile that a program wrote; it may still be running, or have been killed. Text formats
            go to standard output, others into a file of the same name in the current folder.

            Examples:
              quarry report server.1234.qprof
              quarry report server.1234.qprof --sort live --top 50
              quarry report server.1234.qprof --format pprof && go tool pprof -http : server.1234.pb.gz
              quarry report server.1234.qprof --format dhat --output server.json
              quarry report server.1234.qprof --format collapsed --sort total | flamegraph.pl > server.svg
            """),
        ["diff"] = ("quarry diff BEFORE AFTER [OPTIONS]",
            """
            Stacks are matched by functions and modules, so the profiles may be of two runs of a program.

            Examples:
              quarry diff monday.qprof tuesday.qprof
              quarry diff old.qprof new.qprof --sort count --format json --output growth.json
            """),
        ["bench"] = ("quarry bench [OPTIONS] [--] PROGRAM [ARGUMENTS...]",
            """
            Each round runs the program once on every allocator, in an order that rotates. It reads /dev/null.
            A run that fails puts its allocator out of the comparison, and the exit code is then 1. Processes
            that a run leaves behind are killed. The peak is the resident size of the largest process; below
            about 0.5 MiB nothing can be told apart.

            Examples:
              quarry bench -- gcc -O2 -c large.c
              quarry bench --runs 20 --allocators quarry,glibc,mimalloc python3 script.py
              quarry bench --output result.md -- ./my-program --size 100
              quarry bench --json -- ./my-program | jq .results
            """),
        ["allocators"] = ("quarry allocators",
            """
            The libraries are looked for in LD_LIBRARY_PATH, the usual folders and the loader's cache. Names
            and paths are what --allocator and --allocators take.

            Example:
              quarry run --allocator mimalloc --stats ls
            """),
        ["options"] = ("quarry options [PID]",
            """
            Prints one line for each option opt.* of jemalloc: the name, the value in force, and where it was
            set. Sources, each with precedence over those before it: the variable malloc_conf of the program,
            the link /etc/malloc.conf, MALLOC_CONF, malloc_conf_2_conf_harder, and QUARRY_CONF. Invalid
            options are reported first. A running process prints its own; it answers when it next allocates.

            Examples:
              quarry options 1234
              MALLOC_CONF=dirty_decay_ms:5000 quarry options | grep -v default
            """),
        ["before-main"] = ("quarry before-main [OPTIONS]",
            """
            Small programs are compiled and run on a malloc that counts, each construct in a process of its
            own: its first use, what stays in use after it, and the use after that ('again'). Languages whose
            tools are not installed are left out with a note. Figures are bytes asked for, not those an
            allocator rounds them up to. Takes some seconds a language.

            Examples:
              quarry before-main
              quarry before-main --language c,rust --runs 1
              quarry before-main --json | jq '.languages[] | {name, bytes: .before_main.bytes.median}'
            """),
        ["new"] = ("quarry new NAME",
            """
            The folder holds a project that builds at once: a struct, which becomes malloc in libNAME.so,
            and a program that checks it on .NET.

            Example:
              quarry new Mine && cd Mine && dotnet build
              quarry run --allocator bin/Debug/net10.0/libMine.so -- ls -lR
            """),
    };

    /// <summary>
    /// Answers --help of every command, and the bare "quarry"; --version in the same plain form.
    /// </summary>
    internal static void Install(RootCommand root)
    {
        HelpPage page = new();
        root.Options.OfType<HelpOption>().Single().Action = page;
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction(page.Invoke);
    }

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        (string usage, string text) = s_pages[command is RootCommand ? "quarry" : command.Name];
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine("Usage: " + usage);
        output.WriteLine();
        if (command.Subcommands.Count > 0)
        {
            output.WriteLine("Commands:");
            WriteColumns(output, command.Subcommands.Select(c => (c.Name, c.Description ?? "")));
        }

        output.WriteLine("Options:");
        IEnumerable<Option> options = command.Options.Concat(command.Parents.OfType<RootCommand>()
            .SelectMany(r => r.Options.Where(o => o.Recursive)));
        WriteColumns(output, options.Select(o => (Signature(o), o.Description ?? "")));
        output.WriteLine(text);
        return 0;
    }

    private static string Signature(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a == "-h").Append(option.Name));
        return option.HelpName is null ? names
            : option.Arity.MinimumNumberOfValues > 0 ? $"{names} {option.HelpName}"
            : $"{names}[={option.HelpName}]";
    }

    private static void WriteColumns(TextWriter output, IEnumerable<(string Left, string Right)> rows)
    {
        (string Left, string Right)[] all = [.. rows];
        int width = all.Max(r => r.Left.Length);
        foreach ((string left, string right) in all)
        {
            output.WriteLine($"  {left.PadRight(width)}  {right}");
        }

        output.WriteLine();
    }
}
