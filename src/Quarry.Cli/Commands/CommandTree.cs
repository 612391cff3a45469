using System.CommandLine;

namespace Quarry.Cli.Commands;

/// <summary>The commands there are.</summary>
internal static class CommandTree
{
    internal static RootCommand Create()
    {
        RootCommand root = new("Runs any Linux program on the Quarry allocator, and compares allocators.")
        {
            RunCommand.Create(),
            ProfileCommand.Create(),
            StatsCommand.Create(),
            ReportCommand.Create(),
            DiffCommand.Create(),
            BenchCommand.Create(),
            AllocatorsCommand.Create(),
            OptionsCommand.Create(),
            BeforeMainCommand.Create(),
            NewCommand.Create(),
        };
        HelpPage.Install(root);
        return root;
    }
}
