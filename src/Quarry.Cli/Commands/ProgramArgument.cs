using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Quarry.Tools;

namespace Quarry.Cli.Commands;

/// <summary>
/// The words "PROGRAM ARGS..." that end some commands. From the first word that is no option on, everything
/// is the program's, with or without "--" before it.
/// </summary>
internal static class ProgramArgument
{
    internal static Argument<string[]> Create() => new("PROGRAM")
    {
        Description = "The program and its arguments, all of which are its own.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The words, of which there has to be one at least.</summary>
    internal static string[] Words(ParseResult parsed, Argument<string[]> program)
    {
        string[] words = parsed.GetValue(program)!;
        string command = parsed.CommandResult.Command.Name;
        return words.Length > 0
            ? words
            : throw new QuarryException($"no program to run; see 'quarry {command} --help'");
    }

    /// <summary>
    /// Puts the "--" where the parser needs it. Refuses an option that the command does not have.
    /// </summary>
    internal static string[] Separate(RootCommand root, string[] words)
    {
        Command? command = root.Subcommands.FirstOrDefault(c => words.Length > 0 && c.Name == words[0]);
        if (command is null || !command.Arguments.OfType<Argument<string[]>>().Any())
        {
            return words;
        }

        for (int i = 1; i < words.Length; i++)
        {
            if (words[i] == "--")
            {
                return words;
            }

            if (!words[i].StartsWith('-') || words[i] == "-")
            {
                return [.. words[..i], "--", .. words[i..]];
            }

            string[] nameAndValue = words[i].Split('=', 2);
            Option option = Find(root, command, nameAndValue[0]);

            if (nameAndValue.Length == 2 && option.Arity.MaximumNumberOfValues == 0)
            {
                throw new QuarryException($"option '{option.Name}' takes no value");
            }

            // An optional value can only be given as --name=value; the next word could be the program.
            if (nameAndValue.Length == 1 && option.Arity.MinimumNumberOfValues > 0)
            {
                i++;
            }
        }

        return words;
    }

    private static Option Find(RootCommand root, Command command, string name)
    {
        IEnumerable<Option> options = command.Options.Concat(root.Options.Where(o => o.Recursive));
        return options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name))
            ?? throw new QuarryException($"unknown option '{name}'; see 'quarry {command.Name} --help'");
    }
}
