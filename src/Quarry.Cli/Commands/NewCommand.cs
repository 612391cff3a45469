using System.CommandLine;
using System.IO;
using Quarry.Cli.Projects;
using Quarry.Tools;

namespace Quarry.Cli.Commands;

/// <summary>Begins a project whose struct becomes malloc.</summary>
internal static class NewCommand
{
    private static readonly Argument<string?> s_name = new("NAME")
    {
        Description = "The folder to make, and the namespace.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Command Create()
    {
        Command command = new("new", "Begins a project: your own allocator, as a library for any program.")
        {
            s_name,
        };
        command.SetAction(parsed => Execute(
            parsed.GetValue(s_name) ?? throw new QuarryException("no name; see 'quarry new --help'"),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Execute(string path, TextWriter output)
    {
        string folder = Path.GetFullPath(path);
        string name = Path.GetFileName(folder);
        ProjectName.Check(name);
        if (Path.Exists(folder))
        {
            throw new QuarryException($"{path} is there already");
        }

        string references =
            ProjectTemplate.References(folder, ProjectTemplate.FindSources(), VersionAction.Version);
        _ = Directory.CreateDirectory(folder);
        foreach ((string file, string text) in ProjectTemplate.Files(name, references))
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }

        output.WriteLine($"""
            {path} is a project whose struct {name}Allocator becomes malloc.

              cd {path}
              dotnet build                             makes lib{name}.so, and says where
              dotnet run                               checks the allocator
              quarry run --allocator PATH/lib{name}.so -- ls -lR
            """);
        return 0;
    }
}
