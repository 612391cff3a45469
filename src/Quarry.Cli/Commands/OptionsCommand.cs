using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Quarry.Cli.Jemalloc;
using Quarry.Tools.Allocators;
using Quarry.Tools.Output;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Commands;

/// <summary>Prints the options of the allocator in force, and where each was set.</summary>
internal static class OptionsCommand
{
    private static readonly Argument<int?> s_process = new("PID")
    {
        Description = "The process ID; without it, the options for a program that is started now.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => ProcessId.Parse(result.Tokens.Single().Value),
    };

    internal static Command Create()
    {
        Command command = new("options", "Prints the allocator's options in force, and where each was set.")
        {
            s_process,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult parsed)
    {
        if (parsed.GetValue(s_process) is { } id)
        {
            Print(OptionsInForce.Of(id));
            return 0;
        }

        Print(OptionsInForce.OfEnvironment(AllocatorCatalog.Resolve(Allocator.Quarry)));
        Terminal.Output.Writer.Flush();

        // The library in this process would print or dump what the options ask for.
        Libc.ExitAtOnce(0);
        return 0;
    }

    private static void Print(IReadOnlyList<OptionInForce> options)
    {
        int names = options.Max(option => option.Name.Length), values = options.Max(o => o.Value.Length);
        foreach (OptionInForce option in options)
        {
            Terminal.Output.Writer.WriteLine(
                $"{option.Name.PadRight(names)}  {option.Value.PadRight(values)}  {option.Source}");
        }
    }
}
