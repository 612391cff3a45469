using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Quarry.Tools.Allocators;

namespace Quarry.Cli.Commands;

/// <summary>Lists the allocators of this machine.</summary>
internal static class AllocatorsCommand
{
    internal static Command Create()
    {
        Command command = new("allocators", "Lists the allocators that programs can be run on here.");
        command.SetAction(parsed => Execute(parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Execute(TextWriter output)
    {
        List<Allocator> found = AllocatorCatalog.FindAll();
        int width = found.Max(a => a.Name.Length);
        foreach (Allocator allocator in found)
        {
            string library = allocator.Library ?? "the C library's own";
            output.WriteLine($"{allocator.Name.PadRight(width)}  {library}");
        }

        return 0;
    }
}
