using System;
using System.Collections.Generic;
using System.IO;

namespace Quarry.ImageLayout;

/// <summary>Writes the constants in a list, and checks the C structs in the list.</summary>
internal static class Program
{
    private const int Failed = 1, WrongUse = 2;

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3)
        {
            Console.Error.WriteLine("Usage: Quarry.ImageLayout ASSEMBLY LIST OUTPUT");
            return WrongUse;
        }

        (string assembly, string list, string output) = (arguments[0], arguments[1], arguments[2]);
        using AssemblyLayouts layouts = new(assembly);
        List<string> lines = [$"# Generated from {Path.GetFileName(list)}."];
        bool failed = false;
        foreach (LayoutEntry entry in LayoutEntry.ReadAll(list))
        {
            try
            {
                lines.AddRange(entry.Resolve(layouts));
            }
            catch (LayoutException exception)
            {
                // MSBuild recognizes this format and reports an error in the file.
                Console.WriteLine(exception.Message);
                failed = true;
            }
        }

        if (failed)
        {
            return Failed;
        }

        File.WriteAllLines(output, lines);
        return 0;
    }
}
